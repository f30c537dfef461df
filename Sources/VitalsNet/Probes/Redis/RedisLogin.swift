import VitalsCore

/// What a dialogue with a Redis server needs to know.
struct RedisLogin: Sendable {
    /// Nothing: `default`.
    let user: String?
    /// Nothing: none is sent.
    let password: Secret?
    let database: Int
    /// What is asked of a Sentinel; nothing: it is no Sentinel that is meant.
    let sentinel: RedisDSN.Sentinel?

    init(_ target: RedisDSN) {
        user = target.user
        password = target.password
        database = target.database
        sentinel = target.sentinel
    }

    /// As whom the server knows us.
    var name: String { user ?? "default" }

    /// Whether the server is to be told who we are.
    var isNamed: Bool { user != nil || password != nil }

    /// `HELLO`, which logs in and tells most of what is to be known at once.
    var hello: [String] {
        let login = isNamed ? ["AUTH", name, password?.revealed ?? ""] : []
        return ["HELLO", "3"] + login + ["SETNAME", RedisDSN.applicationName]
    }

    /// For servers that know no `HELLO`: those before Redis 6 know no users either.
    var auth: [String] { ["AUTH"] + (user.map { [$0] } ?? []) + [password?.revealed ?? ""] }
}
