import NIOCore
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

    private let caller: Caller
    private let tls: TLSSettings

    /// - Parameter tls: for `https`. Default: verified in full, by the system's authorities.
    init(_ caller: Caller, tls: TLSSettings = TLSSettings(.verifyFull)) {
        self.caller = caller
        self.tls = tls
    }

    /// The same on loops of which nobody else makes calls.
    init(loops: NetworkLoops, tls: TLSSettings = TLSSettings(.verifyFull)) {
        self.init(Caller(loops: loops), tls: tls)
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
            readLimit: demand.bodyLimit + (1 << 20), secrets: secrets)
        return await caller.call(target, HTTPDialogue(request.bytes, demand), timeout: timeout) {
            result, dialogue in
            if let fault = result.fault { return .failure(Failure(fault: fault)) }
            guard let response = dialogue.response else { preconditionFailure("a pass without a response") }
            return .success(response)
        }
    }
}
