import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("What a mail is made of")
struct MailMessageTests {
    @Test(
        "an address is what it is",
        arguments: [
            ("a@b", true), ("a.b+c=d@mail.example.com", true), ("o'neil@example.com", true),
            ("a@[127.0.0.1]", true), ("a@[IPv6:::1]", true), ("a@[::1]", false),
            ("a@[IPv6:127.0.0.1]", false),
            ("a", false), ("@b", false), ("a@", false), ("a..b@c", false), (".a@c", false), ("a b@c", false),
            ("a@b c", false), ("a@b>", false), ("<a@b", false), ("a@b\r\nRCPT TO:<x@y>", false),
            ("a\n@b", false), ("a\0@b", false), ("ä@b", false), ("a@ä.example", false), ("a@b@c", false),
            ("a@[1.2.3.4]\r\nX: y]", false), ("a\"b@c", false),
            (String(repeating: "a", count: 65) + "@b", false),
        ])
    func address(_ text: String, _ isOne: Bool) {
        #expect(((try? MailAddress(parsing: text)) != nil) == isOne)
    }

    @Test("recipients are parted by commas, semicolons and lines")
    func list() throws {
        let boxes = try Mailbox.list("a@b.org, Ann B <c@d.org>;\n\"Öl\" <e@f.org>\r\n,;")
        #expect(boxes.map(\.address.text) == ["a@b.org", "c@d.org", "e@f.org"])
        #expect(boxes.map(\.name) == [nil, "Ann B", "Öl"])
        #expect(throws: TargetError.self) { try Mailbox.list("a@b.org c@d.org") }
    }

    @Test(
        "no text makes two headers of one",
        arguments: [
            "plain", "a\r\nBcc: x@y.org", "a\nb", "a\rb", "a\0b", "a\u{2028}b", "=?UTF-8?Q?a?=", " edges ",
            "Ü", String(repeating: "wide 🚒 ", count: 100), "", "a\r\n\r\n.\r\nMAIL FROM:<x@y>",
        ])
    func header(_ value: String) {
        let text = MailHeader("Subject", text: value).text
        #expect(text.hasSuffix("\r\n"))
        let lines = text.dropLast(1).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("Subject: "))
        for line in lines.dropFirst() { #expect(line.hasPrefix(" =?")) }
        for line in lines {
            #expect(line.utf8.count <= 78 && line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
    }

    @Test("no text ends the mail before its end")
    func text() throws {
        let encoded = MailText.encoded("a\r\n.\r\nMAIL\n..b\r.c\u{2028}= \t\n\u{0}ü\n\n\n")
        #expect(encoded == "a\r\n=2E\r\nMAIL\r\n=2E.b\r\n=2Ec\r\n=3D =09\r\n=00=C3=BC\r\n")
        let long = MailText.encoded(String(repeating: ".", count: 1_000))
        for line in long.split(separator: "\r\n") {
            #expect(line.utf8.count <= 76 && line.first != ".")
        }
    }

    @Test(
        "dates",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_795_258_803, "Sat, 21 Nov 2026 11:00:03 +0000"),
        ] as [(Int64, String)])
    func date(_ seconds: Int64, _ text: String) {
        #expect(MailMessage.date(Timestamp(microseconds: seconds * 1_000_000)) == text)
    }
}
