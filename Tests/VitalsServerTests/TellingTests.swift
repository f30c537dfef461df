import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsServer

@Suite("What is told by hand")
struct TellingTests {
    private func ask(_ path: String, _ node: Backend) async throws -> Answer {
        let found = Box<Answer>()
        try await TestServer.with(node) { server in found.value = try await server.ask("POST", path) }
        return try #require(found.value)
    }

    @Test(
        "a test of a channel says what became of it",
        arguments: [
            (ChannelTest.sent(.delivered(httpStatus: 204)), 200, nil),
            (.sent(.answered(httpStatus: 503)), 502, "not_delivered"),
            (.sent(.answered(httpStatus: 410)), 502, "not_delivered"),
            (.cooldown(retryAfter: .milliseconds(1_500)), 429, "cooldown"),
            (.unknownChannel, 404, "not_found"), (.disabled, 409, "channel_disabled"),
            (.stopping, 503, "stopping"),
        ] as [(ChannelTest, Int, String?)])
    func test(_ outcome: ChannelTest, _ status: Int, _ code: String?) async throws {
        let answer = try await ask(
            "/api/v1/channels/ops/test", Fixtures.node { verbs in verbs.test = { _ in outcome } })
        #expect(answer.status == status)
        #expect(try answer.problemCode == code)
        #expect(answer["Retry-After"] == (status == 429 ? "2" : nil))
        if status == 200 { #expect(answer.text == #"{"status":"sent","channel":"ops","note":null}"#) }
        if status == 502 { #expect(answer.text.contains("The message was not taken: answered ")) }
    }

    @Test(
        "a retry is due, or is not, and then why",
        arguments: [
            (ManualRetry.due, 200, nil), (.unknownNotification, 404, "not_found"),
            (.alreadyDelivered, 409, "already_delivered"), (.withdrawn, 409, "withdrawn"),
            (.channelGone, 409, "channel_gone"), (.overtaken, 409, "overtaken"),
            (.stopping, 503, "stopping"), (.notRecorded, 503, "not_recorded"),
        ] as [(ManualRetry, Int, String?)])
    func retry(_ outcome: ManualRetry, _ status: Int, _ code: String?) async throws {
        let answer = try await ask(
            "/api/v1/notifications/01JD/retry", Fixtures.node { verbs in verbs.retry = { _ in outcome } })
        #expect(answer.status == status)
        #expect(try answer.problemCode == code)
        if status == 200 { #expect(answer.text == #"{"status":"due","notification":"01JD"}"#) }
    }

    @Test("a retry of what the store cannot tell is 503")
    func unreadable() async throws {
        struct Broken: Error {}
        let answer = try await ask(
            "/api/v1/notifications/01JD/retry",
            Fixtures.node { verbs in verbs.retry = { _ in throw Broken() } })
        #expect(answer.status == 503)
        #expect(try answer.problemCode == "store_unavailable")
    }
}
