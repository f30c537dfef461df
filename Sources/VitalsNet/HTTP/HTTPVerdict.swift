import VitalsCore

/// What a whole response means to a check that reads it.
struct HTTPVerdict: Sendable, Equatable {
    /// What is wrong.
    struct Complaint: Sendable, Equatable {
        let cause: Cause
        /// Nothing: where the run stands.
        var phase: Phase?
        /// The provider's own.
        var code: String?
        /// For people; secrets in it are hidden, and it is cut, before it is shown.
        let message: String
    }

    /// Nothing: it is a good one.
    var complaint: Complaint?
    var facts = Facts()
    /// Those that are measured by it, whether they are due or not.
    var vitals: [Vital] = []
    /// For how long we are to leave whoever answered alone.
    var retryAfter: Duration?

    static func bad(
        _ cause: Cause, in phase: Phase? = nil, code: String? = nil, _ message: String,
        retryAfter: Duration? = nil
    ) -> HTTPVerdict {
        HTTPVerdict(
            complaint: Complaint(cause: cause, phase: phase, code: code, message: message),
            retryAfter: retryAfter)
    }
}
