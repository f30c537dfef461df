import Testing
import VitalsCore

@Suite("JSON")
struct JSONTests {
    @Test(
        "a text is escaped so that it can stand in JSON, in a script and on a terminal",
        arguments: [
            ("plain é 数 🙂", "plain é 数 🙂"), ("\"\\/", #"\"\\/"#), ("\n\r\t", #"\n\r\t"#),
            ("\u{0}\u{1B}\u{1F}\u{7F}", #"\u0000\u001b\u001f\u007f"#),
            ("\u{2028}\u{2029}", #"\u2028\u2029"#), ("e\u{301}\r\n", "e\u{301}\\r\\n"), ("", ""),
        ])
    func text(text: String, expected: String) {
        #expect(JSON.string(text).text.unicodeScalars.elementsEqual("\"\(expected)\"".unicodeScalars))
        #expect(JSON(members: [(text, nil)]).text.hasPrefix("{\"\(expected)\":"))
    }

    @Test(
        "a whole number has no fraction, and what is no number is null",
        arguments: [
            (5.0, "5"), (0.1, "0.1"), (-0.0, "0"), (1e15, "1000000000000000"), (1e300, "1e+300"),
            (.nan, "null"), (.infinity, "null"), (-.infinity, "null"), (0.000_001, "1e-06"),
        ])
    func number(number: Double, expected: String) {
        #expect(JSON.number(number).text == expected)
    }

    @Test("members keep their order, and what is not there is null")
    func object() {
        let json: JSON = ["b": 1, "a": nil, "c": [true, "x", []], "d": [:]]
        #expect(json.text == #"{"b":1,"a":null,"c":[true,"x",[]],"d":{}}"#)
    }
}
