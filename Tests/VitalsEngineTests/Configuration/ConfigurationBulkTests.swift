import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@Suite("Large and broken configurations")
struct ConfigurationBulkTests {
    @Test("ten thousand checks are read, each with its own id")
    func tenThousand() throws {
        var text = "systems:\n"
        for system in 0..<100 {
            text += "  - id: system-\(system)\n    name: System \(system)\n    checks:\n"
            for check in 0..<100 {
                text +=
                    "      - { id: c\(check), interval: 10s, http: \"http://10.0.\(system).\(check)/\" }\n"
            }
        }
        let healthChecks = try ConfigurationFixture.read(text).configuration.healthChecks
        #expect(Set(healthChecks.map(\.healthCheck.id)).count == 10_000)
    }

    @Test("however the example is mutated, it is read or refused, and no secret shows", arguments: 0..<40)
    func mutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let original = Array(ConfigurationExampleTests.text.utf8)
        let insertions = Array("{}[]:,-#&*!|>'\"%@`?~\t\n \r${}<<\u{0}\u{7F}é0a".utf8)
        let environment = ["OPS_SECRET": "hunter-2-secret", "ORDERS_PW": "hunter-2-password"]
        for _ in 0..<25 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = insertions.randomElement(using: &random) ?? 0
                case 2: bytes.insert(insertions.randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let problems = ConfigurationFixture.problems(text, environment: environment)
            #expect(!problems.contains { $0.contains("hunter-2") }, "seed \(seed): \(text)")
        }
    }
}
