import Testing
import VitalsCore

@Suite("A body by template")
struct TemplateTests {
    private static let message = Message(
        reading: #"{"id":"01JD","type":"down","system":{"id":"orders","name":"O\"r<d>&'\n\u0001é {{id}}"}}"#)

    private func render(_ text: String, _ escaping: Template.Escaping = .none) throws -> String {
        try Template(parsing: text).render(Self.message, escaping)
    }

    @Test("what is put in stays a text where it is put")
    func escaping() throws {
        #expect(try render("{{system.name}}", .json) == #"O\"r<d>&'\n\u0001é {{id}}"#)
        #expect(try render("{{system.name}}", .percent) == "O%22r%3Cd%3E%26%27%0A%01%C3%A9%20%7B%7Bid%7D%7D")
        #expect(try render("{{system.name}}", .markup) == "O&quot;r&lt;d&gt;&amp;&#39;\n\u{FFFD}é {{id}}")
    }

    @Test("fields are found in braces, with or without blanks, and what is not there is empty")
    func fields() throws {
        #expect(try render("{{ type }}/{{id}}{{episode}}.") == "down/01JD.")
        #expect(try render(#"{"a":{"n":{{failures}}}}"#) == #"{"a":{"n":0}}"#)
        #expect(try render("{ {type} } {") == "{ {type} } {")
        for field in MessageField.allCases { _ = try render("{{\(field.rawValue)}}") }
    }

    @Test("what is no field is an error")
    func errors() {
        #expect(throws: TemplateError.unknown("nome")) { try Template(parsing: "{{nome}}") }
        #expect(throws: TemplateError.unknown("")) { try Template(parsing: "{{}}") }
        #expect(throws: TemplateError.unclosed) { try Template(parsing: "{{id") }
        #expect(throws: TemplateError.unclosed) { try Template(parsing: "{{id}") }
        #expect(throws: TemplateError.unknown("{id")) { try Template(parsing: "{{{id}}}") }
    }

    @Test(
        "the type of the body says how",
        arguments: [
            ("application/json; charset=utf-8", Template.Escaping.json), ("application/x+json", .json),
            ("APPLICATION/JSON", .json), ("application/x-www-form-urlencoded", .percent),
            ("text/xml", .markup), ("application/soap+xml", .markup), ("text/html", .markup),
            ("text/plain", .none), ("", .none),
        ])
    func types(_ type: String, _ escaping: Template.Escaping) {
        #expect(Template.Escaping(contentType: type) == escaping)
    }
}
