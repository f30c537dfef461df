import VitalsCore

/// What an answer of D1's API says (developers.cloudflare.com/api, "Query D1 Database"): status, `success`
/// and the codes of `errors` must all be good. Judged by codes, never by words.
enum D1Answer {
    /// What Cloudflare blocks everybody for who asks too often (developers.cloudflare.com, "Rate limits").
    static let usualPause = Duration.seconds(300)

    /// - Parameters:
    ///   - largest: bytes that the database may have.
    ///   - now: from which a `Retry-After` with a date counts.
    static func judge(_ response: HTTPResponse, largest: Double, at now: Timestamp) -> HTTPVerdict {
        let status = response.head.status
        if status == 429 {
            let wait = response.head.retryAfter.flatMap { RetryAfter.duration($0, at: now) } ?? usualPause
            return .bad(
                .rateLimited, code: "429",
                "Cloudflare asks to be asked less often: again in \(wait.shortText)", retryAfter: wait)
        }
        let json = response.json
        let errors = (json?.member("errors")?.elements ?? []).map(ReportedError.init)
        if let complaint = complaint(status, errors, response, json) {
            return HTTPVerdict(complaint: complaint)
        }
        return read(json ?? .null, largest: largest)
    }

    private struct ReportedError {
        let code: Int?
        let message: String

        init(_ json: JSON) {
            code = json.member("code")?.asNumber.flatMap { Int(exactly: $0) }
            message = json.member("message")?.asText ?? ""
        }
    }

    private static func complaint(
        _ status: Int, _ errors: [ReportedError], _ response: HTTPResponse, _ json: JSON?
    ) -> HTTPVerdict.Complaint? {
        let codes = errors.compactMap(\.code)
        let isGood = (200..<300).contains(status)
        let said = errors.first.map { $0.message.isEmpty ? "" : ": \($0.message)" } ?? ""
        func bad(_ cause: Cause, in phase: Phase? = nil, _ what: String) -> HTTPVerdict.Complaint {
            HTTPVerdict.Complaint(
                cause: cause, phase: phase, code: codes.first.map { "\($0)" } ?? (isGood ? nil : "\(status)"),
                message: what + said)
        }
        let answered = "answered \(status)"
        if !codes.isEmpty || !isGood {
            if codes.contains(where: unknownUser.contains) || status == 401 {
                return bad(.authFailed, in: .authenticate, "\(answered), and does not take the key")
            }
            if codes.contains(7_403) {
                return bad(.dbForbidden, in: .authenticate, "\(answered), the key may not use this account")
            }
            if status == 403 { return bad(.authFailed, in: .authenticate, answered) }
            if codes.contains(where: unroutable.contains) {
                return bad(.badConfiguration, "\(answered), there is no such call or no such id")
            }
            if codes.contains(7_404) || status == 404 { return bad(.dbMissing, answered) }
            if codes.contains(7_500) || status >= 500 {
                let page = json == nil ? " with \(response.seemingly)" : ""
                return bad(.backendUnavailable, answered + page)
            }
            guard isGood else { return bad(.httpStatus, answered) }
        }
        guard let json, let isSuccess = json.member("success")?.asBool else {
            return bad(.unexpectedReply, "answered \(response.seemingly) instead of JSON with `success`")
        }
        let results = json.member("result")?.elements ?? []
        let isServed = results.allSatisfy { $0.member("success")?.asBool != false }
        return isSuccess && isServed
            ? nil : bad(.backendUnavailable, "answered \(status), but the query had no success")
    }

    /// Of Cloudflare's API: a token that is none, is not known, or is not good for this.
    private static let unknownUser: Set = [1_000, 6_003, 6_111, 9_103, 9_106, 9_109, 10_000, 10_001]
    /// No such route, or an id that cannot be one.
    private static let unroutable: Set = [7_000, 7_003, 7_400]

    // MARK: A good one

    private static func read(_ json: JSON, largest: Double) -> HTTPVerdict {
        var verdict = HTTPVerdict()
        let result = json.member("result")?.elements.first
        if let row = result?.member("results")?.elements.first, let value = value(of: row), value != 1 {
            return .bad(.unexpectedReply, "answered \(value) to SELECT 1")
        }
        let meta = result?.member("meta")
        if let milliseconds = meta?.number("duration") {
            verdict.facts[.queryTime] = .number(Int((milliseconds * 1_000).rounded()))
            verdict.vitals.append(Vital(D1Vitals.query.name, milliseconds, unit: D1Vitals.query.unit))
        }
        if let size = meta?.number("size_after") {
            verdict.facts[.databaseBytes] = .number(Int(size))
            verdict.vitals += [
                Vital(D1Vitals.size.name, size, unit: D1Vitals.size.unit),
                Vital(D1Vitals.sizeUsed.name, 100 * size / largest, unit: D1Vitals.sizeUsed.unit),
            ]
        }
        if let attempts = meta?.number("total_attempts") {
            verdict.facts[.attempts] = .number(Int(attempts))
            verdict.vitals.append(Vital(D1Vitals.attempts.name, attempts, unit: D1Vitals.attempts.unit))
        }
        if let region = meta?.member("served_by_region")?.asText { verdict.facts[.region] = .text(region) }
        return verdict
    }

    private static func value(of row: JSON) -> Double? {
        guard case .object(let members) = row else { return nil }
        return members.first?.value.asNumber
    }
}

extension JSON {
    /// A member that counts something: not negative, and no larger than any database.
    fileprivate func number(_ name: String) -> Double? {
        member(name)?.asNumber.flatMap { (0...1e15).contains($0) ? $0 : nil }
    }
}
