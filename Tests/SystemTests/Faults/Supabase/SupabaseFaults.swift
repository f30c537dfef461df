import Testing
import VitalsCore
import VitalsTesting

/// The pages about Supabase Realtime, a file each.
@Suite("Fault book: Supabase", .oneOfAFew)
struct SupabaseFaults {
    /// A page on which the server does otherwise from one connection to the next.
    ///
    /// - Parameter health: whether the health address is asked as well.
    static func page(
        _ behaviour: String, asking health: Bool = false, _ expected: ExpectedFault
    ) async throws {
        let peer = try await RealtimePeer()
        let address = "http://127.0.0.1:\(peer.port)/realtime/v1/api/tenants/dev/health"
        let asked = health ? ", health: { url: \"\(address)\", token: h3alth-s3cr3t }" : ""
        let page = FaultPage(
            check: "supabase: { url: \"supabase+http://127.0.0.1:\(peer.port)\", "
                + "api_key: \(RealtimePeer.key)\(asked) }",
            isDatabase: false, expected: expected,
            breaking: { try peer.behave(behaviour) }, mending: { try peer.behave("{}") })
        try await page.turn()
    }
}
