"""Steps of gradient descent of a convolutional network, beside PyTorch: images of 28 x 28, filters of 3 x 3, two layers of
relu units with zeros around, one weight per position and channel, one output, batches of 64.

PyTorch is given the memory order that is faster of the two that it has.
"""
import math

from measure import Row, fastest

PROGRAM = "steps"
SIDE, BATCH, RATE = 28, 64, 1e-8


def rows(size):
    channels, wanted = ((4,), {}) if size == "tiny" else ((16, 64), {(64, "single"): 1.1})
    return [Row("convolution", f"convolution step, {width} channels, {precision}",
                {"layers": "convolution", "activation": "relu", "precision": precision, "width": width,
                 "dimension": SIDE**2, "points": BATCH, "members": 1, "repeat": 1},
                wanted=wanted.get((width, precision), 1.5), tolerance=1e-10 if precision == "double" else 1e-3, runs=4)
            for width in channels for precision in ("double", "single")]


def sizes(width):
    """Rows and columns of the tensors of theta [outputs x inputs]: filters by (channel, position), the readout too."""
    return (width, 9), (width, 9 * width), (1, width * SIDE**2)


def prepare(arrays, words):
    import numpy as np
    numbers = np.random.default_rng(1)
    x = numbers.standard_normal((BATCH, SIDE**2))
    arrays.give("x", x)
    arrays.give("label", x[:, 0])
    arrays.give("theta", numbers.standard_normal(sum(outputs * inputs for outputs, inputs in sizes(words["width"]))))


def theirs(arrays, words):
    import torch
    torch.set_num_threads(1)
    width = words["width"]
    dtype = torch.float64 if words["precision"] == "double" else torch.float32
    theta = arrays.take("theta", sum(outputs * inputs for outputs, inputs in sizes(width)))
    images = torch.tensor(arrays.take("x", BATCH, SIDE**2).reshape(BATCH, 1, SIDE, SIDE).copy(), dtype=dtype)
    label = torch.tensor(arrays.take("label", BATCH, 1), dtype=dtype)
    # What stands in our layers beside theta is part of the weights in PyTorch: w = theta sqrt(2/fan-in), and 1/fan-in for the readout.
    scales = [math.sqrt((1 if outputs == 1 else 2) / inputs) for outputs, inputs in sizes(width)]

    def form(order):
        network = torch.nn.Sequential(
            torch.nn.Conv2d(1, width, 3, padding=1, bias=False), torch.nn.ReLU(),
            torch.nn.Conv2d(width, width, 3, padding=1, bias=False), torch.nn.ReLU(),
            torch.nn.Flatten(), torch.nn.Linear(width * SIDE**2, 1, bias=False)).to(dtype)
        at = 0
        for weight, scale, (outputs, inputs) in zip(network.parameters(), scales, sizes(width)):
            tensor = theta[at:at + outputs * inputs].reshape(outputs, inputs, order="F")
            weight.data = scale * torch.tensor(tensor.copy(), dtype=dtype).reshape(weight.shape)
            at += outputs * inputs
        network = network.to(memory_format=order)
        optimiser = torch.optim.SGD(network.parameters(), lr=RATE)
        x = images.to(memory_format=order)

        def step():
            optimiser.zero_grad()
            loss = 0.5 * ((network(x) - label)**2).sum()
            loss.backward()
            optimiser.step()
            return loss, network

        return step

    loss, network = form(torch.contiguous_format)()
    arrays.result("loss", loss.item())
    arrays.result("gradient", [number for weight, scale, (outputs, inputs) in zip(network.parameters(), scales, sizes(width))
                               for number in scale * weight.grad.reshape(outputs, inputs).T.reshape(-1).double().numpy()])
    step = fastest(form(torch.contiguous_format), form(torch.channels_last))

    def work():
        step()

    return f"PyTorch {torch.__version__}", work
