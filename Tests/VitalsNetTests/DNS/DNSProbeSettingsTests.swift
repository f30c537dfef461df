import Testing
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct DNSProbeSettingsTests {
    @Test(
        "a name, or a URL that says more",
        arguments: [
            ("db1.Example.com", "db1.example.com A"), ("db1.example.com.", "db1.example.com A"),
            ("dns:db1.example.com?type=MX", "db1.example.com MX"), (".", ". A"),
            ("dns://10.0.0.53/db1.example.com", "db1.example.com A at 10.0.0.53:53"),
            ("DNS://ns1:5353/db1.example.com?TYPE=txt", "db1.example.com TXT at ns1:5353"),
            ("dns://[::1]/x", "x A at [::1]:53"), ("_dmarc.example.com", "_dmarc.example.com A"),
            ("dns:///x", "x A"), ("*.example.com", "*.example.com A"),
        ])
    func parsing(_ text: String, _ address: String) throws {
        #expect(try DNSProbeSettings(parsing: text).address == address)
    }

    @Test(
        "what cannot be asked says why",
        arguments: [
            ("", "no name"), ("a b", "no name that"), ("a..b", "no name that"), ("a\\b", "no name that"),
            ("ä", "no name that"), (String(repeating: "a", count: 64), "no name that"),
            ("dns:x?type=ANY", "?type="), ("dns:x?class=IN", "?type="), ("dns://ns:0/x", "1 to 65535"),
            ("dns://ns", "no name"),
        ])
    func complaints(_ text: String, _ why: String) throws {
        let error = #expect(throws: TargetError.self) { try DNSProbeSettings(parsing: text) }
        #expect(error?.message.contains(why) == true)
    }

    @Test func aServerMayBeANameOrAnAddressWithOrWithoutAPort() throws {
        for (text, endpoint) in [
            ("ns1", "ns1:53"), ("10.0.0.53:5353", "10.0.0.53:5353"), ("::1", "[::1]:53"),
            ("[::1]:54", "[::1]:54"),
        ] {
            let settings = try DNSProbeSettings(parsing: "x", server: text)
            #expect(settings.endpoint.description == endpoint)
        }
        let error = #expect(throws: TargetError.self) { try DNSProbeSettings(parsing: "x", server: "a b") }
        #expect(error?.field == "server")
    }

    @Test(
        "an address stands for the name that belongs to it",
        arguments: [
            ("192.0.2.1", "1.2.0.192.in-addr.arpa"),
            (
                "2001:db8::1",
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
            ),
            ("1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa"),
        ])
    func reverse(_ text: String, _ name: String) throws {
        #expect(try DNSProbeSettings(parsing: text, kind: .ptr).name == name)
    }

    @Test(
        "an expected record that is none of its kind says what one looks like",
        arguments: [
            (DNSKind.a, "::1"), (.aaaa, "127.0.0.1"), (.a, "db1"), (.mx, "mail.example.com"), (.mx, "x y"),
            (.srv, "1 2 3"), (.caa, "0 issue"), (.soa, "a b 1 2 3 4"), (.ns, "a b"), (.cname, ""),
        ])
    func notOfTheKind(_ kind: DNSKind, _ record: String) {
        let error = #expect(throws: TargetError.self) { try DNSExpectation([record], of: kind) }
        #expect(error?.message.contains("expected") == true)
    }

    @Test func eachSettingMakesItAnotherTarget() throws {
        var all = [try DNSProbeSettings(parsing: "x")]
        for change in [
            { $0.name = "y" }, { $0.kind = .mx }, { $0.server = .init(host: "ns", port: 53) },
            { $0.usesTCP = true }, { $0.family = .ip4 },
        ] as [(inout DNSProbeSettings) -> Void] {
            var settings = all[0]
            change(&settings)
            all.append(settings)
        }
        #expect(Set(all.map(\.identity)).count == all.count)
        var expecting = all[0]
        expecting.expectation = try DNSExpectation(["10.0.0.1"], of: .a, match: .any, code: .noSuchName)
        #expect(expecting.identity == all[0].identity, "what is expected is how it is judged")
    }

    @Test func theFormReadsWhatIsWritten() throws {
        let network = try TestNetwork()
        var settings = Settings(target: TargetText("vitals.example"), as: "name")
        settings.set("type", .text(TargetText("MX")))
        settings.set("server", .text(TargetText("10.0.0.53")))
        settings.set("transport", .text(TargetText("tcp")))
        settings.set("expected", .list([.text(TargetText("10 mail"))]))
        settings.set("match", .text(TargetText("any")))
        settings.set("code", .text(TargetText("NOERROR")))
        settings.set("family", .text(TargetText("ip4")))
        let form = DNSProbe.form(on: network.loops)
        let probe = try form.make(settings)
        var expected = try DNSProbeSettings(parsing: "vitals.example", kind: .mx, server: "10.0.0.53")
        expected.usesTCP = true
        expected.family = .ip4
        expected.expectation = try DNSExpectation(["10 mail"], of: .mx, match: .any)
        #expect(probe.identity == expected.identity)
        settings.set("expected", .list([.text(TargetText("mail"))]))
        let error = #expect(throws: TargetError.self) { try form.make(settings) }
        #expect(error?.field == "expected")
    }
}
