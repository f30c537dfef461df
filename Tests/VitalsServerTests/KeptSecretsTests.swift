import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsServer

@Suite("Secrets that are left out")
struct KeptSecretsTests {
    private static let webhook = ChannelForm(
        kind: "webhook",
        fields: [
            Field("url", .url, isRequired: true, isSecret: true, "where"),
            Field("secret", .signingSecret, isSecret: true, "what signs"),
            Field("body", .lines(upTo: 10), "what"),
        ]
    ) { _, _ throws(TargetError) in throw TargetError("nobody makes it") }

    private static let smtp = ChannelForm(
        kind: "smtp",
        fields: [
            Field("host", .text(upTo: 255), isRequired: true, "where"),
            Field("port", .integer(1...65_535), "where"),
            Field("security", .choice(["tls", "none"]), "how"), Field("username", .text(upTo: 255), "who"),
            Field("password", .text(upTo: 255), isSecret: true, "what"),
        ]
    ) { _, _ throws(TargetError) in throw TargetError("nobody makes it") }

    private static let http = ProbeForm(
        kind: ProbeKind("http", isDatabase: false), schemes: ["http"],
        fields: [
            Field("url", .target, isRequired: true, "where"), Field("method", .text(upTo: 9), "how"),
            Field("basic", .object([Field("password", .text(upTo: 99), isSecret: true, "what")]), "who"),
            Field("proxy", .text(upTo: 99), isSecret: true, "by which way"),
            Field(
                "oauth2",
                .object([
                    Field("token_url", .url, "where"),
                    Field("client_secret", .text(upTo: 9), isSecret: true, "x"),
                ]), "how"),
            Field("tls", .object([Field("verify", .choice(["full", "none"]), "whether")]), "how"),
        ]
    ) { _ throws(TargetError) in throw TargetError("nobody makes it") }

    private static func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

    private static let elsewhere = "webhook.secret"

    @Test(
        "of a channel stay as they were, as long as they go where they went",
        arguments: [
            (#"{"webhook":{}}"#, #"{"webhook":{"url":"u1","secret":"s1"}}"#),
            (#"{"webhook":{"url":"u1"}}"#, #"{"webhook":{"url":"u1","secret":"s1"}}"#),
            (#"{"webhook":"u1"}"#, #"{"webhook":{"url":"u1","secret":"s1"}}"#),
            (#"{"webhook":{"body":"b"}}"#, #"{"webhook":{"body":"b","url":"u1","secret":"s1"}}"#),
            (#"{"webhook":{"url":"u2","secret":"s2"}}"#, #"{"webhook":{"url":"u2","secret":"s2"}}"#),
            (#"{"webhook":{"url":"u2","secret":null}}"#, #"{"webhook":{"url":"u2"}}"#),
            (#"{"webhook":{"url":"u1","secret":null}}"#, #"{"webhook":{"url":"u1"}}"#),
            (#"{"webhook":{"url":"u2"}}"#, nil), (#"{"webhook":"u2"}"#, nil),
            (#"{"default":true}"#, #"{"default":true}"#),
        ] as [(String, String?)])
    func channel(body: String, expected: String?) throws {
        let before = try Self.json(#"{"id":"ops","webhook":{"url":"u1","secret":"s1"}}"#)
        do throws(EditRefusal) {
            let kept = try KeptSecrets.channel(Self.parsed(body), before: before, [Self.webhook, Self.smtp])
            #expect(kept.text == expected)
        } catch {
            #expect(expected == nil)
            guard case .invalid(let message, let path) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(path == Self.elsewhere)
            #expect(message.contains("give it again"))
        }
    }

    private static func parsed(_ text: String) -> JSON { (try? json(text)) ?? .null }

    @Test(
        "of a mail server are not sent to another, nor in the clear",
        arguments: [
            (#"{"host":"m","port":587,"security":"tls","username":"v"}"#, true),
            (#"{"host":"m","port":587,"security":"tls","username":"w"}"#, true),
            (#"{"host":"evil","port":587,"security":"tls"}"#, false),
            (#"{"host":"m","port":25,"security":"tls"}"#, false), (#"{"host":"m","security":"tls"}"#, false),
            (#"{"host":"m","port":587,"security":"none"}"#, false), (#"{"host":"m","port":587}"#, false),
        ])
    func mail(settings: String, isKept: Bool) {
        let before = Self.parsed(
            #"{"smtp":{"host":"m","port":587,"security":"tls","username":"v","password":"p"}}"#)
        let body = Self.parsed(#"{"smtp":\#(settings)}"#)
        let kept = try? KeptSecrets.channel(body, before: before, [Self.webhook, Self.smtp])
        #expect((kept?["smtp"]?["password"] != nil) == isKept)
        #expect((kept == nil) == !isKept)
    }

    @Test(
        "of a check follow its target, its proxy and its trust",
        arguments: [
            (#"{"http":{"method":"HEAD","basic":{}}}"#, true), (#"{"http":{"url":"u1","basic":{}}}"#, true),
            (#"{"http":{"url":"u2","basic":{}}}"#, false),
            (#"{"http":{"url":"u1","basic":{},"proxy":"evil"}}"#, false),
            (#"{"http":{"url":"u1","basic":{},"tls":{"verify":"none"}}}"#, false),
            (#"{"http":{"url":"u1","basic":{},"oauth2":{"token_url":"evil","client_secret":"n"}}}"#, false),
            (#"{"interval":"5s"}"#, true),
        ])
    func check(body: String, isKept: Bool) {
        let before = Self.parsed(
            #"{"id":"web","http":{"url":"u1","basic":{"password":"p"},"proxy":"q","tls":{"verify":"full"}}}"#
        )
        let withTLS = Self.parsed(
            body.replacing(#""basic":{}}"#, with: #""basic":{},"tls":{"verify":"full"}}"#))
        let kept = try? KeptSecrets.check(withTLS, before: before, [Self.http])
        #expect((kept?["http"]?["basic"]?["password"] == "p") == isKept, "\(kept?.text ?? "refused")")
        #expect((kept == nil) == !isKept)
        if isKept { #expect(kept?["http"]?["url"] == "u1") }
    }

    @Test("of a check in a system are told with their place")
    func place() {
        let before = Self.parsed(#"{"checks":[{"id":"web","http":{"url":"u1","basic":{"password":"p"}}}]}"#)
        let body = Self.parsed(
            #"{"checks":[{"id":"new","http":"u"},{"id":"web","http":{"url":"u2","basic":{}}}]}"#)
        #expect(
            throws: EditRefusal.invalid(
                "would be sent elsewhere than before: give it again, or null for none",
                path: "checks[1].http.basic.password")
        ) { try KeptSecrets.system(body, before: before, [Self.http]) }
    }

    @Test(
        "of a check in a system do not follow a label of it",
        arguments: [
            (#"{"id":"s","labels":{"host":"h"},"checks":[{"id":"web"}]}"#, nil),
            (#"{"id":"s","labels":{"host":"evil"},"checks":[{"id":"web"}]}"#, "checks[0].http"),
            (#"{"id":"s","checks":[{"id":"web","http":{"method":"HEAD"}}]}"#, "checks[0].http.url"),
            (
                #"{"id":"s","checks":[{"id":"web","http":{"url":"http://{{system.host}}/","basic":{}}}]}"#,
                "checks[0].http.basic.password"
            ),
            (#"{"id":"s","labels":{"host":"evil"},"checks":[{"id":"new","http":"u"}]}"#, nil),
        ] as [(String, String?)])
    func labels(body: String, path: String?) {
        let before = Self.parsed(
            #"""
            {"id":"s","labels":{"host":"h"},
            "checks":[{"id":"web","http":{"url":"http://{{system.host}}/","basic":{"password":"p"}}}]}
            """#)
        do throws(EditRefusal) {
            _ = try KeptSecrets.system(Self.parsed(body), before: before, [Self.http])
            #expect(path == nil)
        } catch {
            guard case .invalid(_, let found) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(found == path)
        }
    }
}
