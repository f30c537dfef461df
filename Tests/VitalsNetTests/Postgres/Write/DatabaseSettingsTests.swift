import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("What a check says of a database besides its target")
struct DatabaseSettingsTests {
    private static let network = Result {
        try Network(version: "test", clock: MachineClock(wall: { wallClock() }, boot: { 0 }))
    }

    private static func probe(_ kind: String, _ settings: [String]) throws -> any Probe {
        let network = try network.get()
        let forms = network.forms
        let form = try #require(forms.first { $0.kind.name == kind })
        let target = kind == "sqlite" ? "/var/lib/app.db" : "\(kind)://u:s3cr3t@h/d"
        return try ConfigurationReader(forms: forms, channelForms: []) { Revision($0) }
            .probe(form, of: target, with: settings)
    }

    @Test(
        "writing makes it another target, the part it should have and the limits do not",
        arguments: [
            (["write=true"], false), (["write.table=a.b"], false), (["write=false"], true),
            (["role=primary"], true), (["read_timeout=1s", "connect_timeout=3s"], true),
        ])
    func identity(settings: [String], isSame: Bool) throws {
        for kind in ["postgres", "mysql"] {
            let plain = try Self.probe(kind, [])
            #expect((try Self.probe(kind, settings).identity == plain.identity) == isSame)
        }
    }

    @Test("the same table is the same target, however it is written")
    func sameTable() throws {
        let usual = try Self.probe("postgres", ["write=true"]).identity
        #expect(try Self.probe("postgres", ["write.table=vitals.heartbeat"]).identity == usual)
        #expect(try Self.probe("postgres", ["write.provision=true"]).identity == usual)
    }

    @Test("the part is told", arguments: ExpectedRole.allCases)
    func role(_ role: ExpectedRole) throws {
        #expect(try Self.probe("postgres", ["role=\(role.rawValue)"]).expectedRole == role)
        #expect(try Self.probe("postgres", []).expectedRole == .any)
        #expect(try Self.probe("mysql", ["role=\(role.rawValue)"]).expectedRole == role)
    }

    @Test(
        "what cannot be is told",
        arguments: [
            ("postgres", "role=leader", "primary"), ("postgres", "write.table=heartbeat", "vitals.heartbeat"),
            ("postgres", "write.table=a.b;c", "letters, digits and underscores"),
            ("postgres", "write.tabel=a.b", "did you mean `table`?"),
            ("postgres", "write.durability=always", "local"), ("postgres", "write=perhaps", "true"),
            ("postgres", "write_timeout=0s", "10ms"), ("sqlite", "write.table=a.b", "_vitals_heartbeat"),
            ("sqlite", "write.durability=local", "unknown field"),
            ("mysql", "write.durability=local", "unknown field"), ("mysql", "role=leader", "primary"),
            ("mysql", "write.table=heartbeat", "vitals.heartbeat"),
        ])
    func wrong(kind: String, setting: String, words: String) {
        #expect {
            try Self.probe(kind, [setting])
        } throws: { error in
            "\(error)".contains(words) && !"\(error)".contains("s3cr3t")
        }
    }
}
