"""Steps of many small networks on the same data, beside jax.vmap; times are of one network."""
import steps

PROGRAM = steps.PROGRAM
prepare = steps.prepare
theirs = steps.theirs


def rows(size):
    members, sizes = (3, ((8, 8, 16),)) if size == "tiny" else (64, ((16, 32, 32), (32, 32, 32), (32, 32, 256)))
    return [steps.step_row("ensembles", f"{members} networks {size[0]} × {size[2]}", size, members, precision, 1.2)
            for size in sizes for precision in ("double", "single")]
