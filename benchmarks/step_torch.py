#!/usr/bin/env python3
"""The steps of benchmark_step in PyTorch and JAX, on one thread or on a GPU: step_torch.py [runs] [cpu or cuda].

Prints microseconds per gradient step of an erf network with two hidden layers, the best of the variants that a user would write:
automatic differentiation, the derivatives by hand, and an ensemble of networks as batched products (time per network), 16 of them on
a core and up to 1024 on a GPU, where the products are in full precision (no TF32). A library that is not installed is skipped with a
message.
"""
import math
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

SIZES = [(16, 32, 32), (16, 32, 256), (64, 64, 32), (64, 64, 256), (256, 128, 32), (256, 128, 256), (1024, 128, 256)]
RATE = 1e-5
MEMBERS = 16


def flops(width, dimension, points):
    return 4 * width * dimension * points + 6 * width * width * points + 6 * width * points


def shortest(step, runs, repeat, clock=time.process_time, finish=lambda: None):
    """Seconds per step, the shortest of several runs; `finish` waits for what the steps have begun."""
    best = math.inf
    for _ in range(runs):
        start = clock()
        for _ in range(repeat):
            step()
        finish()
        best = min(best, (clock() - start) / repeat)
    return best


def by_hand(torch, x, y, w1, w2, a):
    """One step with the derivatives written out; a leading axis of the arrays is an ensemble."""
    norm = 2 / math.sqrt(math.pi)
    transposed = lambda matrix: matrix.transpose(-1, -2)
    d, n = x.shape[-1], w2.shape[-1]
    h1 = x @ transposed(w1) / math.sqrt(d)
    z1 = torch.erf(h1)
    h2 = z1 @ transposed(w2) / math.sqrt(n)
    z2 = torch.erf(h2)
    residual = z2 @ a / math.sqrt(n) - y
    delta2 = (residual @ transposed(a)) * (norm * torch.exp(-h2 * h2)) / math.sqrt(n)
    delta1 = (delta2 @ w2) * (norm * torch.exp(-h1 * h1)) / math.sqrt(n)
    gradients = (transposed(delta1) @ x / math.sqrt(d), transposed(delta2) @ z1 / math.sqrt(n),
                 transposed(z2) @ residual / math.sqrt(n))
    for tensor, gradient in zip((w1, w2, a), gradients):
        tensor.sub_(gradient, alpha=RATE)


def torch_steps(torch, size, dtype, device):
    """The variants: name, step, networks per step."""
    width, dimension, points = size
    x = torch.randn(points, dimension, dtype=dtype, device=device)
    y = x[:, :1].clone()
    members = MEMBERS if device == "cpu" else max(MEMBERS, min(1024, 2**28 // (width * max(width, points))))

    def parameters(*lead):
        shapes = (width, dimension), (width, width), (width, 1)
        return [torch.randn(*lead, *shape, dtype=dtype, device=device) for shape in shapes]

    w1, w2, a = (tensor.requires_grad_() for tensor in parameters())

    def automatic():
        z1 = torch.erf(x @ w1.T / math.sqrt(dimension))
        z2 = torch.erf(z1 @ w2.T / math.sqrt(width))
        loss = 0.5 * ((z2 @ a / math.sqrt(width) - y) ** 2).sum()
        gradients = torch.autograd.grad(loss, (w1, w2, a))
        with torch.no_grad():
            for tensor, gradient in zip((w1, w2, a), gradients):
                tensor.sub_(gradient, alpha=RATE)

    single, stacked = parameters(), parameters(members)

    def manual():
        with torch.no_grad():
            by_hand(torch, x, y, *single)

    def ensemble():
        with torch.no_grad():
            by_hand(torch, x, y, *stacked)

    steps = [("autograd", automatic, 1), ("by hand", manual, 1)]
    return steps + [("stacked", ensemble, members)] if width <= 256 or device != "cpu" else steps


def run_torch(runs, device):
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: skipped")
        return
    torch.set_num_threads(1)
    timing = {}
    name = "one thread"
    if device != "cpu":
        if not torch.cuda.is_available():
            print("PyTorch sees no GPU: skipped")
            return
        timing = {"clock": time.perf_counter, "finish": torch.cuda.synchronize}
        name = torch.cuda.get_device_name()
    print(f"PyTorch {torch.__version__}, {name}")
    for size in SIZES:
        for dtype in (torch.float64, torch.float32):
            times = {}
            for name, step, networks in torch_steps(torch, size, dtype, device):
                step()
                repeat = max(1, int(1e8 / (networks * flops(*size)))) if device == "cpu" else 50
                times[name] = 1e6 * shortest(step, runs, repeat, **timing) / networks
            shown = "  ".join(f"{name} {value:.2f}" for name, value in times.items())
            print(f"N {size[0]:5} P {size[2]:5} {str(dtype)[6:]}: best {min(times.values()):.2f} us  ({shown})")


def run_jax(runs):
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        print("JAX is not installed: skipped")
        return
    jax.config.update("jax_enable_x64", True)
    print(f"JAX {jax.__version__}")
    for size in SIZES:
        width, dimension, points = size
        for dtype in (jnp.float64, jnp.float32):
            keys = jax.random.split(jax.random.PRNGKey(1), 4)
            shapes = (points, dimension), (width, dimension), (width, width), (width,)
            x, *theta = (jax.random.normal(key, shape, dtype) for key, shape in zip(keys, shapes))
            y = x[:, 0]

            def loss(theta):
                z1 = jax.scipy.special.erf(x @ theta[0].T / math.sqrt(dimension))
                z2 = jax.scipy.special.erf(z1 @ theta[1].T / math.sqrt(width))
                return 0.5 * jnp.sum((z2 @ theta[2] / math.sqrt(width) - y) ** 2)

            update = jax.jit(lambda theta: [t - RATE * g for t, g in zip(theta, jax.grad(loss)(theta))])
            step = lambda: jax.block_until_ready(update(theta))
            step()
            best = shortest(step, runs, max(1, int(1e8 / flops(*size))))
            print(f"N {width:5} P {points:5} {jnp.dtype(dtype).name}: {1e6 * best:.1f} us")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    where = sys.argv[2] if len(sys.argv) > 2 else "cpu"
    run_torch(number, where)
    if where == "cpu":
        run_jax(number)
