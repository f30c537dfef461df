import Testing
import VitalsCore

@Suite("Figures of plugins")
struct PerfdataTests {
    private func vital(_ text: String) throws -> Vital {
        var perfdata = Perfdata()
        perfdata.read(Substring(text))
        #expect(perfdata.refused == 0)
        return try #require(perfdata.vitals.first)
    }

    @Test(
        "have a name, a value and a unit",
        arguments: [
            ("load1=0.25", "load1", 0.25, ""), ("time=1.5e-3s;;;0", "time", 0.0015, "s"),
            ("'/var log'=12MB;20;30;0;40", "/var log", 12, "MB"), ("'it''s'=-3", "it's", -3, ""),
            ("used=85%", "used", 85, "%"), ("packets=7c", "packets", 7, "c"), ("x=.5ms", "x", 0.5, "ms"),
            ("größe=5KB", "größe", 5, "KB"), ("'='=+1", "=", 1, ""), ("rate=2B/s", "rate", 2, "B/s"),
            ("a=3.", "a", 3, ""), ("e=1e2e", "e", 100, "e"),
        ])
    func measured(text: String, name: String, value: Double, unit: String) throws {
        let vital = try vital(text)
        #expect(vital.name == name)
        #expect(vital.value == value)
        #expect(vital.unit == unit)
        #expect(vital.reason == nil)
    }

    @Test("have thresholds, which judge them, and bounds")
    func thresholds() throws {
        let vital = try vital("load=6;5.0;10.0;0;100")
        #expect(
            vital
                == Vital(
                    "load", 6, warn: ThresholdRange("5"), critical: ThresholdRange("10"), minimum: 0,
                    maximum: 100))
        #expect(vital.state == .degraded)
        #expect(vital.warn == "5")
        #expect(try self.vital("load=11;5;10").state == .unhealthy)
        #expect(try self.vital("load=4;5;10").state == .healthy)
        #expect(try self.vital("load=4").state == nil)
        // A range that is none judges nothing.
        #expect(try self.vital("load=4;5,10;x;;").state == nil)
    }

    @Test("may be unknown")
    func unknown() throws {
        let vital = try vital("lag=U;5;10")
        #expect(vital.value == nil)
        #expect(vital.state == .unknown)
        #expect(vital.reason == "the plugin could not measure it")
    }

    @Test(
        "that cannot be read are counted, and do no harm to the others",
        arguments: [
            "a=1,5 b=2", "=1 b=2", "a b=2", "a= b=2", "a=nan b=2", "a=inf b=2", "a=0x10 b=2", "a=1e999 b=2",
            "'a=1 b=2' b=2", "a=1 a=2", "a=1.2.3 b=2", "a=--1 b=2", "a=1234567!x b=2",
            "\(String(repeating: "x", count: 129))=1 b=2", "a=1abcdefghi b=2", "b=2 'a=1",
        ])
    func refused(text: String) {
        var perfdata = Perfdata()
        perfdata.read(Substring(text))
        #expect(perfdata.refused >= 1)
        #expect(perfdata.vitals.count <= 1)
        #expect(perfdata.vitals.allSatisfy { $0.name == "b" || $0.name == "a" && $0.value == 1 })
    }

    @Test("are bounded in number")
    func bounded() {
        var perfdata = Perfdata()
        perfdata.read(Substring((0..<100).map { "v\($0)=1" }.joined(separator: " ")))
        #expect(perfdata.vitals.count == 64)
        #expect(perfdata.refused == 36)
    }

    @Test(
        "alert outside their range, or inside it",
        arguments: [
            ("10", "10", [-1, 11], [0, 10]), ("10:", "10:", [9], [10, 1e9]),
            ("~:10", "~:10", [11], [-99, 10]),
            ("10:20", "10:20", [9, 21], [10, 20]), ("@10:20", "@10:20", [10, 20], [9, 21]),
            ("0:5", "5", [-1, 6], [0]), (":5", "5", [-1, 6], [0]), ("@5", "@5", [0, 5], [6, -1]),
            ("-5.5:-1", "-5.5:-1", [0], [-2]), ("~:", "~:", [], [0]), ("5:5", "5:5", [4], [5]),
        ] as [(String, String, [Double], [Double])])
    func ranges(text: String, shown: String, alerting: [Double], quiet: [Double]) throws {
        let range = try #require(ThresholdRange(text))
        #expect(range.text == shown)
        #expect(ThresholdRange(range.text) == range)
        #expect(alerting.allSatisfy(range.alerts))
        #expect(!quiet.contains(where: range.alerts))
    }

    @Test(
        "have no range of what is none",
        arguments: ["", "@", ":", "a", "20:10", "1:2:3", "~", "1,5", "@~", "10:~", "nan", "0x5", "1;2"])
    func noRange(text: String) {
        #expect(ThresholdRange(text) == nil)
    }
}
