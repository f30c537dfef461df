import Testing
import VitalsCore

@Suite("What a plugin printed")
struct PluginOutputTests {
    @Test(
        "is a line for people",
        arguments: [
            ("OK - fine\n", "OK - fine"), ("  OK  | a=1", "OK"), ("", ""), ("|a=1", ""), ("\r\nx", ""),
            ("one\ntwo", "one"), ("only\u{0}zero", "only\u{0}zero"),
        ])
    func message(text: String, message: String) {
        #expect(PluginOutput(text).message == message)
    }

    @Test("has figures on its first line, and after a later bar on all the rest")
    func figures() {
        let output = PluginOutput(
            """
            DISK OK - free space | /=2643MB;5948;5958;0;5968
            / 15272 MB (77%)
            no=figure
            /home 69357 MB (27%) | /boot=68MB;88;93;0;98
            /home=69357MB;253404;253409;0;253414
            /var=98 | 1,5
            """)
        #expect(output.message == "DISK OK - free space")
        #expect(output.vitals.map(\.name) == ["/", "/boot", "/home", "/var"])
        #expect(output.vitals.map(\.value) == [2_643, 68, 69_357, 98])
        #expect(output.vitals.map(\.state) == [.healthy, .healthy, .healthy, nil])
        #expect(output.refused == 2)
    }
}
