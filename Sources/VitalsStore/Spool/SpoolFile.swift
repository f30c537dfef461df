import Foundation
import Glibc
import Synchronization
import VitalsCore
package import VitalsEngine

/// The spool in a file that has all its room from the start, so that a disk that is full later takes nothing
/// of it.
///
/// It holds nothing beyond the process: what a killed one left in it is overwritten, and its slots are misses
/// (`not_running`). A disk may let a call wait for long, so that each has a thread of its own.
package final class SpoolFile: Spool {
    private struct State {
        /// Where the next result is written, and where the oldest is.
        var end = 0
        var begin = 0
        var numbers: [HealthCheckID: Int] = [:]
        var healthChecks: [HealthCheckID] = []

        mutating func number(of id: HealthCheckID) -> Int {
            if let number = numbers[id] { return number }
            numbers[id] = healthChecks.count
            healthChecks.append(id)
            return healthChecks.count - 1
        }
    }

    static let fileName = "vitals.spool"
    package static let defaultSize = 64_000_000
    private static let window = 1_048_576

    private let path: String
    private let size: Int
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Makes the file in `folder`, or takes the one that is there. Blocks until the disk has given its room.
    ///
    /// - Parameter size: in bytes.
    /// - Throws: `cannotOpen`, when there is no room for it or no right to it.
    package init(folder: String, size: Int = SpoolFile.defaultSize) throws(StoreError) {
        path = "\(folder)/\(Self.fileName)"
        self.size = size
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        // It returns what others leave in errno.
        let code = ftruncate(descriptor, size) == 0 ? posix_fallocate(descriptor, 0, size) : errno
        guard code == 0 else {
            close(descriptor)
            // Half of its room is of no use here, and may be elsewhere.
            unlink(path)
            throw .cannotOpen(path: path, reason: String(cString: strerror(code)))
        }
    }

    deinit {
        close(descriptor)
    }

    package func append(_ results: [HeldResult]) async throws -> Int {
        try await onThread { try self.write(results) }
    }

    package func take(_ limit: Int) async throws -> [HeldResult] {
        try await onThread { try self.read(limit) }
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result(catching: body))
            }
        }
    }

    private func write(_ results: [HeldResult]) throws -> Int {
        try state.withLock { state in
            var bytes: [UInt8] = []
            var count = 0
            for result in results {
                let before = bytes.count
                PackedResult.append(result, numbered: state.number(of: result.healthCheck), to: &bytes)
                guard state.end + bytes.count <= size else {
                    bytes.removeLast(bytes.count - before)
                    break
                }
                count += 1
            }
            var written = 0
            while written < bytes.count {
                let more = bytes[written...].withUnsafeBytes {
                    pwrite(descriptor, $0.baseAddress, $0.count, off_t(state.end + written))
                }
                guard more > 0 || errno == EINTR else { throw failure("cannot write") }
                written += max(0, more)
            }
            state.end += bytes.count
            return count
        }
    }

    private func read(_ limit: Int) throws -> [HeldResult] {
        try state.withLock { state in
            do {
                return try read(limit, &state)
            } catch {
                (state.begin, state.end) = (0, 0)
                throw error
            }
        }
    }

    /// What stands before something unreadable still comes out.
    private func read(_ limit: Int, _ state: inout State) throws -> [HeldResult] {
        var bytes = [UInt8](repeating: 0, count: min(Self.window, state.end - state.begin))
        var count = -1
        repeat {
            count = pread(descriptor, &bytes, bytes.count, off_t(state.begin))
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw failure("cannot read") }
        var rest = bytes.prefix(count)
        var results: [HeldResult] = []
        do {
            while results.count < limit,
                let (result, length) = try PackedResult.read(rest, state.healthChecks)
            {
                results.append(result)
                rest = rest.dropFirst(length)
                state.begin += length
            }
        } catch {
            guard !results.isEmpty else { throw damage(at: state.begin) }
        }
        guard !results.isEmpty || state.begin == state.end else { throw damage(at: state.begin) }
        if state.begin == state.end { (state.begin, state.end) = (0, 0) }
        return results
    }

    private func failure(_ what: String) -> StoreError {
        .unavailable("\(what) \(path): \(String(cString: strerror(errno)))")
    }

    private func damage(at byte: Int) -> StoreError {
        .corrupt("\(path) cannot be read from byte \(byte) on")
    }
}

extension HeldResult {
    var healthCheck: HealthCheckID {
        switch self {
        case .run(let run, _, _): run.healthCheck
        case .miss(let miss): miss.healthCheck
        }
    }
}
