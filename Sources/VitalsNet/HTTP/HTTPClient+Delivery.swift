import VitalsCore
import VitalsEngine

extension HTTPClient {
    /// Sends one request whose answer says whether something was taken.
    ///
    /// - Parameters:
    ///   - secrets: hidden in what is said, beside the path: many receivers know their senders by nothing
    ///     else.
    ///   - now: from which a `Retry-After` with a date counts; nothing: it is not heeded.
    func deliver(
        _ request: HTTPRequest, timeout: Duration, secrets: [Secret] = [], at now: Timestamp? = nil
    ) async -> DeliveryOutcome {
        let path = request.url.requestTarget
        let hidden = secrets + (path == "/" ? [] : [Secret(path)])
        switch await send(request, timeout: timeout, secrets: hidden) {
        case .head(let head):
            let retryAfter = now.flatMap { now in
                head.retryAfter.flatMap { RetryAfter.duration($0, at: now) }
            }
            return .answered(httpStatus: head.status, retryAfter: retryAfter)
        case .fault(let fault):
            return .failed(
                httpStatus: nil, message: "\(request.url.origin): \(fault.message)", retryAfter: nil)
        }
    }
}
