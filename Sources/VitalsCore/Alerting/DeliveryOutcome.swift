/// What became of one attempt to deliver a notification.
package enum DeliveryOutcome: Sendable, Equatable {
    /// The receiver took it; with a note where not all of those behind it did.
    case delivered(httpStatus: Int?, note: String? = nil)
    /// It may be taken later; not before `retryAfter` from now, if the receiver said so.
    case failed(httpStatus: Int?, message: String, retryAfter: Duration?)
    /// It will never be taken.
    case refused(httpStatus: Int?, message: String)

    /// Reads an HTTP answer: 2xx is delivered; a 4xx is final, except 408, 425 and 429, which like everything
    /// else are worth another attempt.
    package static func answered(httpStatus: Int, retryAfter: Duration? = nil) -> DeliveryOutcome {
        switch httpStatus {
        case 200..<300:
            .delivered(httpStatus: httpStatus)
        case 400..<500 where ![408, 425, 429].contains(httpStatus):
            .refused(httpStatus: httpStatus, message: "answered \(httpStatus)")
        default:
            .failed(httpStatus: httpStatus, message: "answered \(httpStatus)", retryAfter: retryAfter)
        }
    }
}
