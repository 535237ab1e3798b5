"""Two hidden layers of erf units in JAX, with the parameters of fieldscan.

    h1 = W1 x/sqrt(d), h2 = W2 erf(h1)/sqrt(N), f = a erf(h2)/sqrt(N), all parameters normal: the NTK parameterisation.

A flat vector of parameters has W1 [N x d], W2 [N x N] and a, column by column; what JAX is given are the transposed
matrices, which lie in memory row by row as the former do column by column.
"""
import math


def unpack(theta, width, dimension):
    first, second = width * dimension, width * (dimension + width)
    return [theta[:first].reshape(dimension, width), theta[first:second].reshape(width, width), theta[second:]]


def output(theta, x):
    import jax
    erf = jax.scipy.special.erf
    w1, w2, readout = theta
    z1 = erf(x @ w1 / math.sqrt(x.shape[-1]))
    z2 = erf(z1 @ w2 / math.sqrt(w2.shape[0]))
    return z2 @ readout / math.sqrt(w2.shape[0])
