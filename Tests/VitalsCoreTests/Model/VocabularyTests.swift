import Testing
import VitalsCore

/// The words of the API, of metrics and of the store: none of them may change by accident.
@Suite("The words are those of the glossary")
struct VocabularyTests {
    @Test("a run has one of four outcomes")
    func outcomes() {
        #expect(words(Outcome.self) == "pass warn fail inconclusive")
    }

    @Test("a run is triggered in one of four ways")
    func triggers() {
        #expect(words(Trigger.self) == "scheduled initial confirm manual heartbeat")
    }

    @Test("a slot is missed for one of seven reasons")
    func missReasons() {
        #expect(
            words(MissReason.self) == "late in_flight target_limit backoff not_running clock_jump store")
    }

    @Test("a state is one of four")
    func states() {
        #expect(words(State.self) == "unknown healthy degraded unhealthy")
    }

    @Test("the phases stand in the order in which a run goes through them")
    func phases() {
        #expect(
            words(Phase.self) == """
                resolve connect tls greeting authenticate session read write vitals request first_byte body
                """)
        #expect(Phase.allCases.map(\.order) == Array(0..<12))
    }

    @Test("a cause has one of four classes")
    func classes() {
        #expect(words(CauseClass.self) == "target partial config self")
    }

    @Test("an episode ends for one of four reasons")
    func endReasons() {
        #expect(words(EndReason.self) == "recovered disabled removed reconfigured")
    }

    @Test("a health check has five events, and a notification is of one of them or of the server itself")
    func events() {
        #expect(words(HealthEvent.Kind.self) == "down degraded recovered ended stale")
        #expect(words(NoticeKind.self) == "down degraded recovered ended stale self")
        for kind in HealthEvent.Kind.allCases {
            #expect(NoticeKind(kind).rawValue == kind.rawValue)
        }
    }

    @Test("a fact has one of these names")
    func facts() {
        #expect(
            words(FactName.self) == """
                server_version role system_identifier read_only read write pooler addresses http_status \
                http_version redirects tls_protocol tls_cipher certificate_subject certificate_names \
                certificate_days_left certificate_issuer certificate_key certificate_chain_length \
                certificate_chain_days_left answers response_code minimum_ttl_seconds authority_records \
                additional_records packets_sent packets_received loss_percent round_trip_min_us \
                round_trip_avg_us round_trip_max_us file_bytes journal_mode page_count page_size \
                user_version library_version output server_flavour uptime_seconds
                """)
    }

    private func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: " ")
    }
}
