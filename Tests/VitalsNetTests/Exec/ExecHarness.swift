import Glibc
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Runs commands as exec checks.
final class ExecHarness: Sendable {
    let network: TestNetwork
    let threads = BlockingThreads(8)

    init() throws {
        network = try TestNetwork()
    }

    func run(
        _ words: [TargetText], environment: [Settings.Pair] = [], directory: String = "/",
        timeout: Duration = .seconds(60), _ cancellations: Cancellations? = nil
    ) async throws -> ProbeResult {
        let command = try Command(
            words, environment: environment, directory: directory,
            own: { name in getenv(name).map { String(cString: $0) } })
        let probe = ExecProbe(command, loops: network.loops, threads: threads)
        return await network.run(probe, timeout: timeout, cancellations)
    }

    /// A script of the shell.
    func shell(
        _ script: String, environment: [Settings.Pair] = [], directory: String = "/",
        timeout: Duration = .seconds(60), _ cancellations: Cancellations? = nil
    ) async throws -> ProbeResult {
        try await run(
            ["/bin/sh", "-c", TargetText(script)], environment: environment, directory: directory,
            timeout: timeout, cancellations)
    }
}

/// Whether a process is there, and has not ended.
func isAlive(_ pid: Int32) -> Bool {
    guard kill(pid, 0) == 0, let file = fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return !text.contains(") Z ")
}
