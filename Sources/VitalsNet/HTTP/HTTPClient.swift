import NIOCore
import NIOPosix
import Synchronization
import VitalsCore
import VitalsEngine

/// Sends single requests, on event loops apart from those of the probes.
struct HTTPClient: Sendable {
    enum Answer: Sendable {
        case head(HTTPResponseHead)
        case fault(Fault)
    }

    /// Why there is no answer.
    struct Failure: Error {
        let fault: Fault
    }

    private let loops: NetworkLoops
    private let tls: TLSSettings

    /// - Parameter tls: for `https`. Default: verified in full, by the system's authorities.
    init(loops: NetworkLoops, tls: TLSSettings = TLSSettings(.verifyFull)) {
        self.loops = loops
        self.tls = tls
    }

    /// Never throws, and ends within `timeout`. The body of the answer is not waited for.
    ///
    /// - Parameter secrets: hidden in the fault's message.
    func send(_ request: HTTPRequest, timeout: Duration, secrets: [Secret]) async -> Answer {
        switch await exchange(request, .any, timeout: timeout, secrets: secrets) {
        case .success(let response): .head(response.head)
        case .failure(let failure): .fault(failure.fault)
        }
    }

    /// The same, with as much of the answer as is wanted.
    func exchange(
        _ request: HTTPRequest, _ demand: HTTPDemand, timeout: Duration, secrets: [Secret]
    ) async -> Result<HTTPResponse, Failure> {
        let url = request.url
        let target = ProbeTarget(
            url.endpoint, tls: url.isSecure ? tls : .disabled, startsWithTLS: url.isSecure,
            readLimit: demand.bodyLimit + (1 << 20),
            secrets: secrets)
        let exchange = Exchange()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loops.eventLoops[0].execute {
                    let cancel = ProbeConnection.start(
                        target, HTTPDialogue(request.bytes, demand), timeout: timeout, on: loops.current,
                        verdict: { result, dialogue in
                            continuation.resume(returning: Self.answer(result, dialogue))
                        })
                    exchange.begun(cancel)
                }
            }
        } onCancel: {
            exchange.cancel()
        }
    }

    private static func answer(
        _ result: ProbeResult, _ dialogue: any ProbeDialogue
    ) -> Result<HTTPResponse, Failure> {
        if let fault = result.fault { return .failure(Failure(fault: fault)) }
        guard let response = (dialogue as? HTTPDialogue)?.response else {
            preconditionFailure("a pass without a response")
        }
        return .success(response)
    }

    /// Cancelled before or after it was begun, it is cancelled.
    private final class Exchange: Sendable {
        private struct State {
            var cancellation: ProbeCancellation?
            var isCancelled = false
        }

        private let state = Mutex(State())

        func begun(_ cancellation: @escaping ProbeCancellation) {
            let isCancelled = state.withLock { state in
                state.cancellation = cancellation
                return state.isCancelled
            }
            if isCancelled { cancellation() }
        }

        func cancel() {
            let cancellation = state.withLock { state in
                state.isCancelled = true
                return state.cancellation
            }
            cancellation?()
        }
    }
}
