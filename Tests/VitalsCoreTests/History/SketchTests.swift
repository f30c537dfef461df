import Testing
import VitalsTesting

@testable import VitalsCore

@Suite("A sketch tells how latencies are spread")
struct SketchTests {
    private func sketch(_ microseconds: some Sequence<Int64>) -> Sketch {
        microseconds.reduce(into: Sketch()) { $0.add(.microseconds($1)) }
    }

    @Test("it is written as HdrHistogram writes it", arguments: SketchVector.all)
    func vectors(vector: SketchVector) throws {
        var sketch = Sketch()
        for (value, count) in vector.values { sketch.add(count, at: Sketch.index(of: value)) }
        let length = hexadecimal(
            (0..<4).map { UInt8(truncatingIfNeeded: (vector.counts.count / 2) >> (24 - $0 * 8)) })
        #expect(
            hexadecimal(sketch.encoded) == SketchVector.cookie + length + SketchVector.rest + vector.counts)
        #expect(Sketch(encoded: sketch.encoded) == sketch)
    }

    @Test(
        "what is read out is less than 0.4 % beside what was put in, and exact up to 256 µs",
        arguments: [0, 1, 255, 256, 257, 411, 412, 5_000, 99_999, 1_000_000, 59_999_999, 600_000_000])
    func accuracy(value: Int64) throws {
        let found = try #require(sketch([value]).quantile(0.5)).microseconds
        #expect(abs(found - value) <= (value < 256 ? 0 : value / 256))
    }

    @Test("every value has the bucket after or at that of the value before it, without a hole")
    func buckets() {
        var last = -1
        for value in 0...2_000_000 as ClosedRange<Int64> {
            let index = Sketch.index(of: value)
            guard index == last || index == last + 1 else {
                Issue.record("\(value) is in \(index) after \(last)")
                return
            }
            last = index
        }
        #expect(Sketch.index(of: Sketch.highest) < Sketch.places)
    }

    @Test("what is longer than ten minutes counts as ten, and what is less than nothing as nothing")
    func bounds() throws {
        let far = try #require(sketch([700_000_000, .max]).quantile(1))
        #expect(abs(far.microseconds - Sketch.highest) <= Sketch.highest / 256)
        #expect(sketch([-5]).quantile(1) == .zero)
    }

    @Test(
        "a quantile is the least value that so large a share does not exceed",
        arguments: [
            (0, 1), (0.01, 1), (0.011, 2), (0.5, 50), (0.95, 95), (0.951, 96), (0.999, 100), (1, 100),
        ] as [(Double, Int64)])
    func quantiles(share: Double, value: Int64) {
        #expect(sketch(1...100).quantile(share) == .microseconds(value))
    }

    @Test("of nothing there is no quantile")
    func empty() {
        #expect(Sketch().quantile(0.5) == nil)
        #expect(Sketch().count == 0)
    }

    @Test("two that are merged are as one into which everything was put")
    func merging() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let values = [0, 1].map { _ in
                (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    Int64.random(in: 0...(1 << Int64.random(in: 1...30, using: &random)), using: &random)
                }
            }
            var merged = sketch(values[0])
            merged.merge(sketch(values[1]))
            #expect(merged == sketch(values[0] + values[1]))
            #expect(merged.count == Int64(values[0].count + values[1].count))
            #expect(Sketch(encoded: merged.encoded) == merged)
        }
    }

    @Test(
        "counts in other words are read as well: empty buckets one by one, and at the end",
        arguments: [[0, 0, 2], [3, 2], [1, 0, 2, 0, 0], [3, 2, 0xF9, 0x2F]])
    func otherWords(counts: [UInt8]) {
        var expected = Sketch()
        expected.add(.microseconds(2))
        #expect(Sketch(encoded: encoded(counts)) == expected)
    }

    @Test("anything else is no sketch")
    func garbage() {
        let good = encoded([2])
        #expect(Sketch(encoded: good) != nil)
        for length in 0..<good.count { #expect(Sketch(encoded: Array(good.prefix(length))) == nil) }
        for place in 0..<40 {
            var bytes = good
            bytes[place] ^= 1
            #expect(Sketch(encoded: bytes) == nil, "with another byte at \(place)")
        }
        let most = [UInt8](repeating: 0xFF, count: 9)
        let table: [[UInt8]] = [
            [0x80], [2, 0x80, 0x80], most, most + most, [0xFE] + most.dropFirst(),
            // 3,072 empty buckets, and then one more of either kind; 3,073 at once.
            [0xFF, 0x2F, 2], [0xFF, 0x2F, 0], [0xFF, 0x2F, 1], [0x81, 0x30],
            // 2^48 + 1 at once and bit by bit.
            [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 2],
        ]
        for counts in table { #expect(Sketch(encoded: encoded(counts)) == nil, "\(counts)") }
        #expect(Sketch(encoded: encoded([0xFF, 0x2F])) == Sketch())
    }

    /// With the header that such counts have.
    private func encoded(_ counts: [UInt8]) -> [UInt8] {
        var bytes = Sketch().encoded + counts
        bytes[7] = UInt8(counts.count)
        return bytes
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
