import Testing
import VitalsCore
import VitalsEngine

@Suite("A dead man's switch in the configuration")
struct ConfigurationDeadmanTests {
    private func deadman(_ text: String) throws -> DeadmanSettings? {
        try ConfigurationFixture.read(text, environment: ["PING": "https://hc.example.com/T0KEN"])
            .configuration
            .deadman
    }

    @Test("a URL will do, and the rest is as usual")
    func url() throws {
        let deadman = try #require(try deadman("deadman: ${PING}"))
        #expect(deadman.url.revealed == "https://hc.example.com/T0KEN")
        #expect(deadman.every == .seconds(60) && deadman.method == "GET")
        #expect(try self.deadman("systems: []") == nil)
    }

    @Test("it may say how often and how")
    func keys() throws {
        let deadman = try #require(try deadman("deadman: { url: http://h/x, every: 30s, method: POST }"))
        #expect(deadman.every == .seconds(30) && deadman.method == "POST")
    }

    @Test(
        "what cannot be is told",
        arguments: [
            ("deadman: { every: 10s }", "1:10: deadman: has no `url`; write what to call"),
            (
                "deadman: { url: http://h/x, every: 1s }",
                "1:36: deadman.every: \"1s\" is too short; at least 5s"
            ),
            (
                "deadman: { url: http://h/x, method: GTE }",
                "1:37: deadman.method: \"GTE\" is not known here; did you mean `GET`?"
            ),
        ])
    func problems(_ text: String, _ problem: String) {
        #expect(ConfigurationFixture.problems(text) == ["vitals.yaml:" + problem])
    }
}
