/// What another implementation makes of the same values: PyPI's `hdrhistogram` 0.10.8 (a wrapper in Python
/// around one in C), as
///
///     h = HdrHistogram(1, 600_000_000, 2)
///     for value, count in values: h.record_value(value, count)
///     zlib.decompress(base64.b64decode(h.encode())[8:]).hex()
struct SketchVector: Sendable, CustomStringConvertible {
    let description: String
    /// Microseconds, each with how often.
    let values: [(Int64, Int64)]
    /// What follows the header's length, in hexadecimal digits.
    let counts: String

    /// The header with its length left out.
    static let cookie = "1c849313"
    static let rest = "00000000" + "00000002" + "0000000000000001" + "0000000023c34600" + "3ff0000000000000"

    static let all = [
        SketchVector(description: "nothing", values: [], counts: ""),
        SketchVector(description: "0 µs", values: [(0, 1)], counts: "02"),
        SketchVector(description: "412 µs", values: [(412, 1)], counts: "9b0502"),
        SketchVector(
            description: "where the widths first double",
            values: [(255, 1), (256, 2), (257, 3), (258, 4), (259, 1)], counts: "fd03020a0a"),
        SketchVector(
            description: "a single empty bucket", values: [(10, 1), (12, 63), (13, 64), (14, 65)],
            counts: "1302017e80018201"),
        SketchVector(
            description: "large counts",
            values: [
                (1, 63), (2, 64), (300, 8_191), (301, 8_192), (302, 1 << 20), (5_000, 1 << 31),
                (70_000, 1 << 40),
            ],
            counts: "017e8001a504feff018080800187088080808010d507808080808040"),
        SketchVector(
            description: "the ends", values: [(0, 1), (1, 2), (599_999_999, 7), (600_000_000, 1)],
            counts: "0204992e10"),
        SketchVector(
            description: "three hundred of 300 to 3,299 µs", values: threeHundred.map { ($0, 1) },
            counts: """
                cf0404070202090203021904050201020f024b020207020302020201020202010202010403020207020b\
                02010202020203020b040102010201040702090203020202010402040104090403020202020102020202\
                040302020906010201021102050401020102010203020106040602010201020401020304020504010402\
                030201020402010402030201020204050401060102020502040402010a0302020202040201020f020102\
                070202040201020102020603080104070202020102010603020302050203040102030204010202020102\
                060202020602040e0204020404040604080102040102030a060204020608060402080604040104010402\
                02080205040401060104010201020401040102040a0408010a
                """),
    ]

    /// A linear congruential generator of the same constants in both languages.
    private static var threeHundred: [Int64] {
        var state: UInt64 = 12_345
        return (0..<300).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % 3_000) + 300
        }
    }
}
