import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Metrics as they are written")
struct MetricTests {
    private static func text(_ format: MetricFormat, _ write: (inout MetricWriter) -> Void) -> String {
        var writer = MetricWriter(format)
        write(&writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    @Test(
        "each kind of family in both formats",
        arguments: [
            (
                MetricFamily("a_seconds", .gauge, unit: "seconds", "A \\ \"b\"\nc."),
                "# HELP a_seconds A \\\\ \"b\"\\nc.\n# TYPE a_seconds gauge\na_seconds 1\n",
                "# HELP a_seconds A \\\\ \\\"b\\\"\\nc.\n# TYPE a_seconds gauge\n# UNIT a_seconds seconds\n"
                    + "a_seconds 1\n# EOF\n"
            ),
            (
                MetricFamily("a", .counter, "A."), "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n",
                "# HELP a A.\n# TYPE a counter\na_total 1\n# EOF\n"
            ),
            (
                MetricFamily("a", .info, "A."), "# HELP a_info A.\n# TYPE a_info gauge\na_info 1\n",
                "# HELP a A.\n# TYPE a info\na_info 1\n# EOF\n"
            ),
        ])
    func families(_ family: MetricFamily, text: String, openMetrics: String) {
        for (format, expected) in [(MetricFormat.text, text), (.openMetrics, openMetrics)] {
            let written = Self.text(format) {
                $0.begin(family)
                $0.add(MetricLabels(), nil, .whole(1))
            }
            #expect(written == expected)
        }
    }

    @Test(
        "values, exactly",
        arguments: [
            (MetricValue.whole(0), "0"), (.whole(9), "9"), (.whole(10), "10"), (.whole(-1), "-1"),
            (.whole(.max), "9223372036854775807"), (.whole(.min), "-9223372036854775808"),
            (.microseconds(0), "0"), (.microseconds(1), "0.000001"), (.microseconds(1_500_000), "1.5"),
            (.real(0.1), "0.1"), (.real(3), "3"), (.real(-1e300), "-1e+300"),
            (MetricValue(milliseconds: .microseconds(1_234)), "1.234"),
            (.microseconds(-250_000), "-0.25"), (.microseconds(2_000_000), "2"),
            (.microseconds(1_795_860_003_120_001), "1795860003.120001"),
            (.microseconds(.min), "-9223372036854.775808"), (MetricValue(true), "1"),
            (MetricValue(false), "0"),
        ])
    func values(_ value: MetricValue, _ expected: String) {
        let written = Self.text(.text) {
            $0.begin(MetricFamily("a", .gauge, ""))
            $0.add(MetricLabels(), nil, value)
        }
        #expect(written.hasSuffix("\na \(expected)\n"))
    }

    @Test("labels, whatever is in them, and one more beside those that are shared")
    func labels() {
        let labels = MetricLabels(("a", "x\"y\\z\nü"), ("b", ""))
        let written = Self.text(.text) {
            $0.begin(MetricFamily("m", .gauge, ""))
            $0.add(labels, ("c", "d"), .whole(1))
            $0.add(MetricLabels(), ("c", "d"), .whole(2))
        }
        #expect(written.hasSuffix("m{a=\"x\\\"y\\\\z\\nü\",b=\"\",c=\"d\"} 1\nm{c=\"d\"} 2\n"))
    }

    @Test("a histogram adds up its buckets, and its last is everything")
    func histogram() {
        var histogram = Histogram([.milliseconds(5), .seconds(1)])
        for duration: Duration in [.zero, .milliseconds(5), .milliseconds(6), .seconds(2), .seconds(-1)] {
            histogram.add(duration)
        }
        let written = Self.text(.openMetrics) {
            $0.begin(MetricFamily("h_seconds", .histogram, unit: "seconds", "H."))
            $0.add(MetricLabels(("a", "b")), histogram)
        }
        #expect(
            written == """
                # HELP h_seconds H.
                # TYPE h_seconds histogram
                # UNIT h_seconds seconds
                h_seconds_bucket{a="b",le="0.005"} 3
                h_seconds_bucket{a="b",le="1.0"} 4
                h_seconds_bucket{a="b",le="+Inf"} 5
                h_seconds_sum{a="b"} 2.011
                h_seconds_count{a="b"} 5
                # EOF

                """)
    }

    @Test(
        "the format is what is asked for",
        arguments: [
            (nil, MetricFormat.text), ("", .text), ("*/*", .text), ("text/html", .text),
            ("application/openmetrics-text", .openMetrics),
            ("Application/OpenMetrics-Text ; Version=1.0.0", .openMetrics),
            ("application/openmetrics-text;version=0.0.1", .text),
            ("application/openmetrics-text;q=0", .text),
            ("text/plain;q=0.9, application/openmetrics-text;q=0.5", .text),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                    + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
            ),
            ("application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,*/*;q=0.1", .openMetrics),
            (",;,;;q=nan;q=1e999,application/openmetrics-text;q=nan", .openMetrics),
            (String(repeating: ",;", count: 8_000), .text), ("\u{0}ü\t ;q=", .text),
        ] as [(String?, MetricFormat)])
    func negotiation(accept: String?, format: MetricFormat) {
        #expect(MetricFormat(accept: accept) == format)
    }
}
