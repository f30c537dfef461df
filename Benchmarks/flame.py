#!/usr/bin/env python3
"""Draws a flame graph: what the samples of `perf script` were doing, as an SVG.

usage: perf script -i perf.data | swift demangle --simplified | flame.py TITLE > flame.svg

Width is the share of samples, depth the call stack from the thread upwards; frames narrower than 0.3 % are
left out. Kernel functions are folded into the system call that they serve.
"""
import re
import sys
from xml.sax.saxutils import escape

WIDTH, ROW, NARROWEST = 1200, 17, 0.003
FRAME = re.compile(r"^\s+[0-9a-f]+ (.*) \(([^()]*)\)$")
# What says nothing about the work: thunks and the wrapping that Swift puts around closures.
NOISE = re.compile(
    r"\bthunk for\b|^partial apply|^merged |^reabstraction|^protocol witness|^dispatch thunk|^start_thread|"
    r"ThreadOpsPosix|setupThreadAndEventLoop|^_dispatch_|^swift_job_run|^swift::runJob|^\[unknown\]")


def stacks(lines):
    """One list of names for each sample, from the thread's name upwards."""
    thread, frames = None, []
    for line in lines:
        if not line.strip():
            if thread and frames:
                yield [thread] + frames[::-1]
            thread, frames = None, []
        elif not line[0].isspace():
            thread = re.sub(r"\s+\d.*", "", line.strip())
        elif match := FRAME.match(line.rstrip()):
            name, place = match.groups()
            if "kernel" not in place:
                frames.append(name)
            elif not frames:
                frames.append("(kernel)")
    if thread and frames:
        yield [thread] + frames[::-1]


def short(name):
    """A Swift function as people say it: without offset, specialisation, module and types of arguments."""
    name = re.sub(r"\+0x[0-9a-f]+$", "", name)
    name = re.sub(r"^(generic )?specialized (static )?|^static ", "", name)
    name = re.sub(r"<[^<>]*>|\s+in \$?\w+$", "", name)
    return re.sub(r"\(.*", "()", name) if "(" in name[1:] else name


def tree(samples):
    """Nested counts: {name: [count, children]}."""
    root = [0, {}]
    for sample in samples:
        root[0] += 1
        node, last = root, None
        for name in sample:
            if NOISE.search(name):
                continue
            name = short(name)
            if name == last:
                continue
            node = node[1].setdefault(name, [0, {}])
            node[0] += 1
            last = name
    return root


def depth(node, total):
    return 1 + max((depth(c, total) for c in node[1].values() if c[0] / total >= NARROWEST), default=0)


def colour(name):
    """System calls grey-blue, the Swift runtime and C library sand, NIO green, ours orange."""
    if name == "(kernel)" or name.startswith("_"):
        return "#b9c4d0"
    if re.match(r"swift_|swift::|malloc|cfree|operator|outlined|initialize|destroy", name):
        return "#e3d6b4"
    if re.search(r"Channel|EventLoop|Selector|Bootstrap|Socket|ByteBuffer|PendingWrites|NIO", name):
        return "#b5d3a7"
    return "#f0b070"


def draw(node, total, left, row, rows, out):
    for name, child in sorted(node[1].items()):
        share = child[0] / total
        if share >= NARROWEST:
            x, width = left * WIDTH, share * WIDTH
            y = (rows - row) * ROW
            fits = int((width - 6) / 6.6)
            label = name if len(name) <= fits else name[: max(0, fits - 1)] + "…" if fits > 3 else ""
            out.append(
                f'<g><title>{escape(name)}: {100 * share:.1f} %</title>'
                f'<rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}" '
                f'fill="{colour(name)}"/><text x="{x + 3:.1f}" y="{y + 12}">{escape(label)}</text></g>')
            draw(child, total, left, row + 1, rows, out)
        left += share


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = tree(stacks(sys.stdin))
    if not root[0]:
        sys.exit("flame.py: no samples on standard input")
    rows = depth(root, root[0])
    height = (rows + 1) * ROW + 24
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="3" y="{height - 8}">{escape(sys.argv[1])} ({root[0]} samples)</text>']
    draw(root, root[0], 0, 1, rows, out)
    print("\n".join(out + ["</svg>"]))


main()
