"""The table of run.py, as text, Markdown and JSON."""
import json

COLUMNS = (("", 54), ("ours", 9), ("theirs", 9), ("least", 7), ("median", 7), ("most", 7), ("wanted", 6), ("", 5),
           ("MB ours", 8), ("theirs", 7), ("differ by", 10))


def time_text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def cells(result):
    least, median, most = result["ratio"]
    short = "" if median >= result["wanted"] and least > 1 else "short"
    return [result["what"], *map(time_text, result["seconds"]), *(f"{value:.2f}" for value in (least, median, most)),
            f"{result['wanted']:g}", short, *(f"{value / 1e6:.0f}" for value in result["bytes"]), f"{result['difference']:.1g}"]


def aligned(values):
    widths = [width for _, width in COLUMNS]
    return "  ".join([f"{values[0]:<{widths[0]}}", *(f"{value:>{width}}" for value, width in zip(values[1:], widths[1:]))])


def heading():
    return aligned([name for name, _ in COLUMNS])


def line(result):
    return aligned(cells(result))


def programs(results):
    return sorted({name for result in results for name in result["programs"]})


def markdown(described, results, notes):
    lines = [f"* {name}: {text}" for name, text in described.items()]
    lines += [f"* programs: {'; '.join(programs(results))}", *(f"* {note}" for note in notes), "",
              "| | ours | theirs | theirs/ours: least, median, most | wanted | peak memory: ours, theirs |", "|---|---|---|---|---|---|"]
    for result in results:
        what, ours, theirs, least, median, most, wanted, short, own, other, _ = cells(result)
        lines.append(f"| {what} | {ours} | {theirs} | {least}, {median}, {most} | {wanted}{' (short)' if short else ''} | {own}, {other} MB |")
    return "\n".join(lines) + "\n"


def write(folder, described, results, notes):
    text = [*(f"{name}: {value}" for name, value in described.items()), *programs(results), heading(), *map(line, results), *notes]
    (folder / "peers.txt").write_text("\n".join(text) + "\n")
    (folder / "peers.md").write_text(markdown(described, results, notes))
    (folder / "peers.json").write_text(json.dumps({"machine": described, "rows": results, "notes": notes}, indent=1) + "\n")
    print(f"written to {folder}/peers.txt, peers.md, peers.json")
