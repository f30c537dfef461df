/// Something that was never said before.
enum Nonce {
    /// 192 bits nobody can foresee, in digits and letters.
    static func make() -> String {
        var chance = SystemRandomNumberGenerator()
        return (0..<3).map { _ in String(chance.next(), radix: 36) }.joined()
    }
}
