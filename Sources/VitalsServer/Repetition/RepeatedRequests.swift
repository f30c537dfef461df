import Hummingbird
import NIOCore
import Synchronization
import VitalsCore
import VitalsEngine

/// Carries out a POST with an `Idempotency-Key` once: the same request under the same key gets the same
/// answer for a day. Answers are kept in memory; what a request made in the store is known by its key there,
/// written in the same transaction, so that it is not made twice even if the process ended before it could
/// answer.
struct RepeatedRequests: RouterMiddleware {
    typealias Context = ServerContext

    /// An answer as it was given.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let body: ByteBuffer

        var response: Response {
            Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
        }
    }

    final class Ledger: Sendable {
        let entries = Mutex(RequestLedger<Answer>(mostAnswers: 1_000, mostBytes: 8_388_608))
    }

    let backend: Backend
    let limits: ServerLimits
    let ledger = Ledger()

    @concurrent
    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, let text = try RequestKey.text(in: request) else {
            return try await next(request, context)
        }
        let body = try await request.body.collect(upTo: limits.document)
        let key = RequestKey(text, of: request, body: body.readableBytesView)
        let whole = Request(head: request.head, body: RequestBody(buffer: body))
        let now = backend.now()
        guard backend.editing.stored().isRepeated(key, at: now) != false else { throw Self.reused }
        switch ledger.entries.withLock({ $0.begin(text, key.fingerprint, at: now) }) {
        case .answered(let answer): return answer.response
        case .another: throw Self.reused
        case .inFlight:
            throw Problem(
                .inFlight, "The first request under this key has not ended yet.", retryAfterSeconds: 1)
        case .isNew: return try await carryOut(key) { try await next(whole, context) }
        }
    }

    /// What was refused, or could not be done for now, did nothing, and may be asked again.
    private func carryOut(
        _ key: RequestKey, _ body: () async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await RequestKey.$current.withValue(key) { try await body() }
            let answer = Answer(
                status: response.status, headers: response.headers,
                body: try await response.body.collected())
            let isDone = (200..<300).contains(response.status.code)
            end(key, isDone ? answer : nil)
            return answer.response
        } catch let problem as Problem where problem.code == .notDelivered {
            // It was sent, whatever became of it.
            let response = problem.response
            end(
                key,
                Answer(
                    status: response.status, headers: response.headers,
                    body: try await response.body.collected()))
            throw problem
        } catch {
            end(key, nil)
            throw error
        }
    }

    private func end(_ key: RequestKey, _ answer: Answer?) {
        ledger.entries.withLock { $0.end(key.text, answer, size: answer?.body.readableBytes ?? 0) }
    }

    private static let reused = Problem(.keyReused, "Another request was sent under this key.")
}

extension ResponseBody {
    /// All of it.
    fileprivate func collected() async throws -> ByteBuffer {
        let collector = Collector()
        try await write(collector)
        return collector.buffer.withLock(\.self)
    }

    private final class Collector: ResponseBodyWriter, Sendable {
        let buffer = Mutex(ByteBuffer())

        func write(_ buffer: ByteBuffer) {
            self.buffer.withLock { whole in _ = whole.writeImmutableBuffer(buffer) }
        }

        func finish(_ trailingHeaders: HTTPFields?) {}
    }
}
