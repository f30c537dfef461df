import Hummingbird
import NIOCore
import Synchronization
import VitalsCore

extension ServerLimits {
    /// Reads the body, and says whether all of it was read: of a ping that need not be.
    func read(_ request: Request) async throws -> (body: ByteBuffer?, isWhole: Bool) {
        PingPaths.isPing(request.uri.path)
            ? try await readPing(of: request) : (try await readBody(of: request), true)
    }

    /// What was said along with a ping. Its beginning is kept and the rest dropped: however much it is, and
    /// however slowly it comes, the job has ended, and that is what counts.
    ///
    /// - Returns: its beginning, and whether all of it was read.
    private func readPing(of request: Request) async throws -> (body: ByteBuffer?, isWhole: Bool) {
        guard request.headers.contains(.contentLength) || request.headers.contains(.transferEncoding) else {
            return (ByteBuffer(), true)
        }
        let kept = KeptBytes()
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                var count = 0
                for try await part in request.body {
                    count += part.readableBytes
                    kept.add(part)
                    guard count <= document else { return false }
                }
                return true
            }
            group.addTask {
                try await Task.sleep(for: bodyTime)
                return false
            }
            defer { group.cancelAll() }
            let isWhole = try await group.next() ?? false
            return (kept.bytes, isWhole)
        }
    }
}

/// The beginning of a body, whatever becomes of the rest.
private final class KeptBytes: Sendable {
    private let buffer = Mutex(ByteBuffer())

    var bytes: ByteBuffer { buffer.withLock(\.self) }

    func add(_ part: ByteBuffer) {
        buffer.withLock { buffer in
            let room = HeardPing.mostBody - buffer.readableBytes
            guard room > 0 else { return }
            buffer.writeBytes(part.readableBytesView.prefix(room))
        }
    }
}
