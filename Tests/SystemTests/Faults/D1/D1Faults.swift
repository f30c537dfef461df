import Testing
import VitalsCore

/// The pages about Cloudflare D1, a file each. The API is not to be had here: what stands in for it answers
/// as Cloudflare documents it, and curl takes it for that (`D1ProbeTests`).
@Suite("Fault book: Cloudflare D1", .oneOfAFew)
struct D1Faults {
    static let good = answer(
        200,
        """
        {"errors":[],"messages":[],"success":true,"result":[{"success":true,"results":[{"1":1}],"meta":\
        {"duration":0.2,"size_after":8192,"total_attempts":1,"served_by_region":"WEUR"}}]}
        """)

    static func answer(
        _ status: Int, _ body: String, headers: [(String, String)] = []
    ) -> HTTPTarget.Behaviour {
        .answer(status, headers: headers, body: body)
    }

    static func failure(_ status: Int, _ code: Int, _ message: String) -> HTTPTarget.Behaviour {
        answer(
            status,
            #"{"result":null,"success":false,"errors":[{"code":\#(code),"message":"\#(message)"}]}"#)
    }

    static func check(_ api: HTTPTarget, more: String = "") -> String {
        #"d1: { url: "d1://acc/db", api_key: s3cr3t-token, base_url: "\#(api.url)/v4" }\#(more)"#
    }

    /// A page of an API that is well, does this, and is well again.
    static func turn(
        _ behaviour: HTTPTarget.Behaviour, more: String = "", _ expected: ExpectedFault
    ) async throws {
        let api = try HTTPTarget(good)
        defer { api.close() }
        let page = FaultPage(
            check: check(api, more: more), expected: expected, breaking: { api.behave(behaviour) },
            mending: { api.behave(good) })
        try await page.turn()
    }
}
