import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("What D1 answers has a cause")
struct D1AnswerTests {
    private func verdict(
        _ status: Int, _ body: String, retryAfter: String? = nil, largest: Double = 10e9
    ) -> HTTPVerdict {
        var head = HTTPResponseHead(status: status, framing: .untilClose)
        head.retryAfter = retryAfter
        let response = HTTPResponse(head: head, body: ByteBuffer(string: body), isCut: false)
        return D1Answer.judge(response, largest: largest, at: Timestamp(microseconds: 1))
    }

    @Test("a good one tells how long the query took, how large the database is, and how often it was tried")
    func good() {
        let verdict = verdict(200, D1Replies.good)
        #expect(verdict.complaint == nil)
        #expect(verdict.facts[.queryTime] == .number(217))
        #expect(verdict.facts[.databaseBytes] == .number(2_500_000_000))
        #expect(verdict.facts[.attempts] == .number(1))
        #expect(verdict.facts[.region] == .text("WEUR"))
        let vitals = Dictionary(uniqueKeysWithValues: verdict.vitals.map { ($0.name, $0.value) })
        #expect(
            vitals == ["query_ms": 0.2173, "size_bytes": 2.5e9, "size_used_percent": 25, "attempts": 1])
        let free = self.verdict(200, D1Replies.good, largest: 500e6).vitals
        #expect(free.first { $0.name == "size_used_percent" }?.value == 500)
    }

    @Test(
        "the least that is one",
        arguments: [
            #"{"success":true}"#, #"{"success":true,"errors":[],"result":[]}"#,
            #"{"success":true,"errors":[{"message":"no code"}],"result":[{"meta":{"duration":-1}}]}"#,
        ])
    func least(body: String) {
        #expect(verdict(200, body) == HTTPVerdict())
    }

    @Test(
        "by status, success and codes together",
        arguments: [
            (200, D1Replies.failure(7_500, "internal error"), Cause.backendUnavailable, "7500"),
            (500, D1Replies.failure(7_500, "D1 DB is overloaded"), .backendUnavailable, "7500"),
            (200, D1Replies.failure(12, "no"), .backendUnavailable, "12"),
            (200, #"{"success":false}"#, .backendUnavailable, nil),
            (200, #"{"success":true,"result":[{"success":false}]}"#, .backendUnavailable, nil),
            (403, D1Replies.failure(10_000, "Authentication error"), .authFailed, "10000"),
            (400, D1Replies.failure(6_003, "Invalid request headers"), .authFailed, "6003"),
            (200, D1Replies.failure(9_109, "Invalid access token"), .authFailed, "9109"),
            (401, "", .authFailed, "401"), (403, "<html>", .authFailed, "403"),
            (403, D1Replies.failure(7_403, "not authorized"), .dbForbidden, "7403"),
            (404, D1Replies.failure(7_404, "not found"), .dbMissing, "7404"), (404, "", .dbMissing, "404"),
            (404, D1Replies.failure(7_000, "No route"), .badConfiguration, "7000"),
            (400, D1Replies.failure(7_003, "Could not route"), .badConfiguration, "7003"),
            (504, D1Replies.page, .backendUnavailable, "504"), (503, "", .backendUnavailable, "503"),
            (418, "{}", .httpStatus, "418"), (302, "", .httpStatus, "302"),
            (200, D1Replies.page, .unexpectedReply, nil), (200, "", .unexpectedReply, nil),
            (200, "[]", .unexpectedReply, nil), (200, #"{"success":"yes"}"#, .unexpectedReply, nil),
            (200, #"{"success":true,"result":[{"results":[{"1":2}]}]}"#, .unexpectedReply, nil),
        ] as [(Int, String, Cause, String?)])
    func causes(status: Int, body: String, cause: Cause, code: String?) {
        let complaint = verdict(status, body).complaint
        #expect(complaint?.cause == cause)
        #expect(complaint?.code == code)
        let isOfLogin = [Cause.authFailed, .dbForbidden].contains(cause)
        #expect(complaint?.phase == (isOfLogin ? .authenticate : nil))
    }

    @Test("the first error's words are told, and a page of HTML is called so")
    func words() {
        let told = verdict(200, D1Replies.failure(7_500, "D1 DB storage operation exceeded timeout"))
        #expect(told.complaint?.message.hasSuffix(": D1 DB storage operation exceeded timeout") == true)
        #expect(verdict(504, D1Replies.page).complaint?.message == "answered 504 with a page of HTML")
    }

    @Test(
        "too many calls: left alone for as long as it says, else for five minutes",
        arguments: [("17", 17), (nil, 300), ("soon", 300)] as [(String?, Int)])
    func limited(retryAfter: String?, seconds: Int) {
        for body in [D1Replies.failure(10_000, "rate"), D1Replies.page] {
            let verdict = verdict(429, body, retryAfter: retryAfter)
            #expect(verdict.complaint?.cause == .rateLimited)
            #expect(verdict.retryAfter == .seconds(seconds))
        }
    }
}
