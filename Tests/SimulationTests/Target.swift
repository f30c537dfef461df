import VitalsCore
import VitalsTesting

/// What a probe meets: the network as the seed has written it.
struct Target {
    enum Behaviour: CaseIterable {
        case passes, isSlow, refuses, hangs, flaps, locks, rejectsLogin, isMisspelt, isOursToBlame, stalls
    }

    var behaviour = Behaviour.passes

    private static let phases = [
        PhaseTiming(.resolve, .microseconds(11)), PhaseTiming(.connect, .microseconds(300)),
    ]
    private static let refused = Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "refused")
    private static let timeout = Fault(.timeout, in: .connect, message: "no answer")
    private static let stalled = Fault(.timeout, in: .read, message: "no answer to the query")
    private static let locked = Fault(.lockTimeout, in: .write, message: "locked")
    private static let rejected = Fault(.authFailed, in: .authenticate, message: "no")
    private static let misspelt = Fault(.dnsNXDomain, in: .resolve, message: "no such name")
    private static let ours = Fault(.internal, in: .connect, message: "no more files")

    /// What one run finds, and when it says so: its latency.
    func meet(within timeout: Duration, using generator: inout SeededGenerator) -> ProbeResult {
        let quick = Duration.microseconds(400 + Int64(generator.next() & 0x3FFF))
        let slow = min(timeout, .microseconds(1 + generator.microseconds(around: timeout / 2)))
        switch behaviour {
        case .passes: return result(nil, quick)
        case .isSlow: return result(nil, slow)
        case .refuses: return result(Self.refused, quick)
        case .hangs: return result(Self.timeout, timeout)
        case .flaps: return result(generator.oneIn(2) ? Self.refused : nil, quick)
        case .locks: return result(generator.oneIn(3) ? nil : Self.locked, slow)
        case .rejectsLogin: return result(Self.rejected, quick)
        case .isMisspelt: return result(Self.misspelt, quick)
        case .isOursToBlame: return result(generator.oneIn(3) ? nil : Self.ours, quick)
        case .stalls: return result(Self.stalled, timeout)
        }
    }

    private func result(_ fault: Fault?, _ latency: Duration) -> ProbeResult {
        ProbeResult(fault: fault, latency: latency, phases: Self.phases)
    }
}
