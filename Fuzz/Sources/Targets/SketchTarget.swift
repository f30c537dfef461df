@testable import VitalsCore

extension FuzzTarget {
    /// A byte whose lowest bit says whether a header that fits is put before the rest, and the rest: a
    /// sketch.
    static let sketch = FuzzTarget(name: "sketch", feed: SketchTarget.feed)
}

private enum SketchTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let choice = bytes.first else { return }
        var encoded = Array(bytes.dropFirst())
        if choice & 1 == 1 {
            let length = encoded.count
            encoded = Sketch().encoded + encoded
            for place in 0..<4 { encoded[4 + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * place)) }
        }
        guard let sketch = Sketch(encoded: encoded) else { return }
        try promise(Sketch(encoded: sketch.encoded) == sketch, "\(sketch) is not read back")
        try promise(sketch.encoded.count <= encoded.count, "\(sketch) has grown")
        try promise(
            zip(sketch.buckets, sketch.buckets.dropFirst()).allSatisfy { $0.index < $1.index }
                && sketch.buckets.allSatisfy { $0.count > 0 && $0.index < Sketch.places }
                && sketch.buckets.reduce(0) { $0 + $1.count } == sketch.count,
            "\(sketch) is out of order")
        let quantiles = [0, 0.5, 0.95, 1].compactMap { sketch.quantile($0) }
        try promise(quantiles.count == (sketch.count > 0 ? 4 : 0), "\(quantiles) of \(sketch)")
        try promise(zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 <= $1 }, "\(quantiles) fall")
        var twice = sketch
        twice.merge(sketch)
        try promise(
            twice.count == 2 * sketch.count && twice.buckets.map(\.index) == sketch.buckets.map(\.index),
            "\(sketch) merged with itself is \(twice)")
    }
}
