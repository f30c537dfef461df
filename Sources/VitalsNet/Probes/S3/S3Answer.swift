import NIOCore
import VitalsCore

/// What the answers of an object store come to.
enum S3Answer {
    /// What is being done, and how people call it.
    enum Step: Sendable, Equatable {
        case list
        case put
        /// With what was written.
        case get(String)
    }

    /// - Parameters:
    ///   - region: as requests were signed for.
    ///   - now: what time it is here.
    static func judge(
        _ response: HTTPResponse, of step: Step, region: String, at now: Timestamp
    ) -> HTTPVerdict {
        let status = response.head.status
        var verdict: HTTPVerdict
        let outline = try? XMLOutline(parsing: Array(response.body.readableBytesView))
        if let error = outline.flatMap(S3Error.init), case .get = step, (200..<300).contains(status) {
            // Something that looks like an error was read back: it is not what was written.
            verdict = .bad(.unexpectedReply, code: error.code, "read back something else than was written")
        } else if let error = outline.flatMap(S3Error.init) {
            verdict = told(error, status, step, region, response.head, at: now)
        } else if !(200..<300).contains(status) {
            verdict = untold(status, response, region, at: now)
        } else {
            verdict = read(response, outline, step)
        }
        if let flavour = response.header("server") { verdict.facts[.serverFlavour] = .text(flavour) }
        if let place = response.header("x-amz-bucket-region") { verdict.facts[.region] = .text(place) }
        if let skew = response.header("date").flatMap(HTTPDate.secondsSinceEpoch) {
            let away = Double(skew) - Double(now.microseconds) / 1_000_000
            verdict.vitals.append(Vital(S3Vitals.skew.name, away.magnitude.rounded(.down), unit: "s"))
        }
        return verdict
    }

    private static func read(
        _ response: HTTPResponse, _ outline: XMLOutline?, _ step: Step
    ) -> HTTPVerdict {
        switch step {
        case .list where outline?.root == "ListBucketResult", .put:
            return HTTPVerdict()
        case .list:
            return .bad(
                .unexpectedReply, "answered \(response.seemingly) instead of a list of a bucket's objects")
        case .get(let written) where response.body.readableBytesView.elementsEqual(written.utf8):
            var verdict = HTTPVerdict()
            verdict.facts[.write] = .text("done")
            return verdict
        case .get:
            return .bad(.unexpectedReply, "read back something else than was written")
        }
    }

    /// It says itself what is wrong.
    private static func told(
        _ error: S3Error, _ status: Int, _ step: Step, _ region: String, _ head: HTTPResponseHead,
        at now: Timestamp
    ) -> HTTPVerdict {
        let isWriting = step != .list
        let cause = error.cause(isWriting: isWriting) ?? (status >= 500 ? .backendUnavailable : .httpStatus)
        var message = "\(error.code): \(error.message.isEmpty ? "answered \(status)" : error.message)"
        switch cause {
        case .internal: message = skew(error, at: now) + message
        case .badConfiguration: message = place(error.region, error.endpoint, region) + message
        default: break
        }
        let phase: Phase? = cause == .authFailed ? .authenticate : nil
        return .bad(
            cause, in: phase, code: error.code, message,
            retryAfter: cause == .rateLimited
                ? head.retryAfter.flatMap { RetryAfter.duration($0, at: now) } : nil)
    }

    /// Nothing but the status says what is wrong.
    private static func untold(
        _ status: Int, _ response: HTTPResponse, _ region: String, at now: Timestamp
    ) -> HTTPVerdict {
        let what = "answered \(status)"
        let code = "\(status)"
        switch status {
        case 301, 307, 308:
            let hint = place(response.header("x-amz-bucket-region"), response.head.location, region)
            return .bad(.badConfiguration, code: code, hint + what)
        case 429:
            return .bad(
                .rateLimited, code: code, what,
                retryAfter: response.head.retryAfter.flatMap { RetryAfter.duration($0, at: now) })
        case 401: return .bad(.authFailed, in: .authenticate, code: code, what)
        case 403: return .bad(.privilege, code: code, what)
        case 500...: return .bad(.backendUnavailable, code: code, "\(what) with \(response.seemingly)")
        default: return .bad(.httpStatus, code: code, "\(what) with \(response.seemingly)")
        }
    }

    /// How far we are off, if it says.
    private static func skew(_ error: S3Error, at now: Timestamp) -> String {
        guard let there = error.serverTime.flatMap({ Timestamp(iso8601: $0) }) else {
            return "the clock of this machine is wrong; "
        }
        let seconds = (now.microseconds - there.microseconds) / 1_000_000
        return "the clock of this machine is \(seconds.magnitude) s \(seconds < 0 ? "behind" : "ahead"); "
    }

    private static func place(_ region: String?, _ endpoint: String?, _ ours: String) -> String {
        if let region, !region.isEmpty, region != ours {
            return "the bucket is in the region \(region), not \(ours): write ?region=\(region); "
        }
        if let endpoint, !endpoint.isEmpty { return "the bucket is to be asked for at \(endpoint); " }
        return ""
    }
}

extension HTTPResponse {
    /// The first header of this name, which is in lower case.
    func header(_ name: String) -> String? {
        head.headers.first { $0.name.lowercased() == name }?.value
    }
}
