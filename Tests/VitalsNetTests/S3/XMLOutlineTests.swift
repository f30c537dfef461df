import Testing

@testable import VitalsNet

@Suite("Of XML the root and what stands right under it is read")
struct XMLOutlineTests {
    private func outline(_ text: String) -> XMLOutline? {
        try? XMLOutline(parsing: Array(text.utf8))
    }

    @Test("texts, escapes, CDATA, comments, attributes, what stands deeper")
    func reads() throws {
        let outline = try #require(
            self.outline(
                """
                \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
                <!-- <Code>no</Code> -->
                <Error xmlns='http://s3' a="&gt;">
                  <Code>Slow&amp;Down</Code><Code>second</Code>
                  <Message><![CDATA[<b>]]> &#65;&#x42;&lt;&quot;&apos;</Message>
                  <Empty/><Deep><Code>deep</Code>text</Deep>
                </Error>

                """))
        #expect(outline.root == "Error")
        #expect(outline["Code"] == "Slow&Down")
        #expect(outline["Message"] == "<b> AB<\"'")
        #expect(outline["Empty"] == "")
        #expect(outline["Region"] == nil)
    }

    @Test(
        "what is none, or could stand for more than it is, is refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>text", "<a", "<a b>", "<a b=c/>",
            "<a b='c/>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#+65;</a>", "<a>&amp</a>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><!ENTITY x></a>", "<a><!-- </a>",
            "<a><![CDATA[</a>", "<?xml", "{\"a\":1}", "<>", "< a/>",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        ])
    func refuses(text: String) {
        #expect(outline(text) == nil)
    }

    @Test("as deep as it may be, and as many as are kept")
    func bounds() throws {
        #expect(
            outline(String(repeating: "<a>", count: 16) + String(repeating: "</a>", count: 16)) != nil)
        let many = try #require(outline("<a>" + (0..<1_000).map { "<b\($0)>x</b\($0)>" }.joined() + "</a>"))
        #expect(many.texts.count == 64)
    }
}
