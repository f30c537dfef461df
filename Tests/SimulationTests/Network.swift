import VitalsCore
import VitalsTesting

/// The way to everything, and the reference points at its other end.
struct Network {
    /// Nothing: there is a way.
    private(set) var cutSince: Int64?

    private static let unreachable = Fault(
        .unreachable, in: .connect, code: "ENETUNREACH", message: "no route to host")
    private static let silence = Fault(.timeout, in: .connect, message: "no answer")
    private static let noName = Fault(.dnsFailure, in: .resolve, message: "no name server answers")

    /// Of one reference point: as a node is configured without anything else.
    static let timeout: Duration = .seconds(2)

    mutating func cut(at boot: Int64) { cutSince = cutSince ?? boot }

    mutating func mend() { cutSince = nil }

    /// What one run meets on its way; nothing: its target.
    func meet(within timeout: Duration, using generator: inout SeededGenerator) -> ProbeResult? {
        guard cutSince != nil else { return nil }
        let quick = Duration.microseconds(200 + Int64(generator.next() & 0xFFF))
        return generator.pick([
            ProbeResult(fault: Self.unreachable, latency: quick),
            ProbeResult(fault: Self.noName, latency: quick),
            ProbeResult(fault: Self.silence, latency: timeout),
        ])
    }

    /// What each reference point says, and after how long. With a way to them one at least is reached, though
    /// others may be down.
    func ask(_ points: Int, using generator: inout SeededGenerator) -> [(isReached: Bool, after: Duration)] {
        let luckiest = generator.below(points)
        return (0..<points).map { point in
            let isReached = cutSince == nil && (point == luckiest || !generator.oneIn(3))
            let longest = isReached ? 60_000 : Self.timeout.microseconds
            return (isReached, .microseconds(500 + Int64(generator.below(Int(longest)))))
        }
    }
}
