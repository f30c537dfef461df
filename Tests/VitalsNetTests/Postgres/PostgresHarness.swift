import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsNet
import VitalsTesting

/// What the tests of the PostgreSQL probe share.
enum PostgresHarness {
    private static let network = Result { try Network(clock: clock) }

    private static let clock = MachineClock(
        wall: { Timestamp(microseconds: microseconds(of: CLOCK_REALTIME)) },
        boot: { microseconds(of: CLOCK_BOOTTIME) })

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Makes one run as the scheduler would: by the registry, on a probe loop.
    static func probe(_ target: String, timeout: Duration = .seconds(20)) async throws -> ProbeResult {
        let network = try network.get()
        let form = try #require(network.forms.first { $0.kind.name == "postgres" })
        let probe = try form.parse(target)
        return await withCheckedContinuation { continuation in
            network.probeLoops[0].execute {
                _ = probe.start(timeout: timeout) { continuation.resume(returning: $0) }
            }
        }
    }
}

extension PostgresServer {
    /// A target on this server by TCP.
    func target(
        _ user: String, _ password: String = "", database: String = "postgres", query: String = ""
    ) -> String {
        "postgres://\(user):\(password)@127.0.0.1:\(port)/\(database)\(query)"
    }
}

extension ProbeResult {
    /// `auth_failed in authenticate (28P01)`, or `pass`.
    var verdict: String {
        guard let fault else { return "pass" }
        return "\(fault.cause.rawValue) in \(fault.phase.rawValue)" + (fault.code.map { " (\($0))" } ?? "")
    }
}
