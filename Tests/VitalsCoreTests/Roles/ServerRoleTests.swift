import Testing
import VitalsCore

@Suite("The part that a database server has")
struct ServerRoleTests {
    @Test(
        "is what its facts say",
        arguments: [
            ("primary", nil, ServerRole.primary), ("primary", "on", .readOnlyPrimary),
            ("replica", nil, .replica), ("replica", "on", .replica), (nil, "on", nil), ("other", nil, nil),
        ] as [(String?, String?, ServerRole?)])
    func facts(role: String?, readOnly: String?, expected: ServerRole?) {
        var facts = Facts()
        facts[.role] = role.map { .text($0) }
        facts[.readOnly] = readOnly.map { .text($0) }
        #expect(ServerRole(facts) == expected)
    }

    @Test(
        "is held against the part it should have",
        arguments: [
            (ExpectedRole.any, ServerRole.primary, nil), (.any, .replica, nil), (.any, .readOnlyPrimary, nil),
            (.primary, .primary, nil), (.replica, .replica, nil),
            (.primary, .replica, "a primary was expected, and this is a replica: was there a failover?"),
            (
                .primary, .readOnlyPrimary,
                "a primary was expected, and this is a primary that is read-only: was there a failover?"
            ),
            (.replica, .primary, "a replica was expected, and this is a primary: was it promoted?"),
            (
                .replica, .readOnlyPrimary,
                "a replica was expected, and this is a primary that is read-only: was it promoted?"
            ),
        ] as [(ExpectedRole, ServerRole, String?)])
    func mismatch(expected: ExpectedRole, seen: ServerRole, complaint: String?) {
        #expect(expected.mismatch(with: seen) == complaint)
        #expect(expected.mismatch(with: nil) == nil, "what is not known is no mismatch")
    }
}
