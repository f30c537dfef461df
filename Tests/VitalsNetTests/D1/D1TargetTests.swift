import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("A database of D1 as a target")
struct D1TargetTests {
    private func target(_ url: String?, _ others: [String: Settings.Value] = [:]) throws -> D1Target {
        var settings = Settings(["api_key": .text("s3cr3t")].merging(others) { $1 })
        if let url { settings.set("url", .text(url)) }
        return try D1Target(settings)
    }

    @Test("account and database stand in the URL, or beside it; the URL's count")
    func parts() throws {
        let whole = try target("d1://acc/db-1")
        #expect(whole.address == "d1://acc/db-1")
        #expect(
            whole.url.origin + whole.url.requestTarget
                == "https://api.cloudflare.com/client/v4/accounts/acc/d1/database/db-1/query")
        let beside: [String: Settings.Value] = ["account": .text("other"), "database": .text("there")]
        #expect(try target("d1://acc/db-1/", beside).address == "d1://acc/db-1")
        #expect(try target("d1://acc", beside).address == "d1://acc/there")
        #expect(try target("d1:///db-1", beside).address == "d1://other/db-1")
        #expect(try target("d1://", beside).address == "d1://other/there")
        #expect(try target(nil, beside).address == "d1://other/there")
    }

    @Test("its API may be elsewhere")
    func base() throws {
        let target = try target("d1://a/b", ["base_url": .text("http://127.0.0.1:8787/v4//")])
        #expect(target.url.origin == "http://127.0.0.1:8787")
        #expect(target.url.requestTarget == "/v4/accounts/a/d1/database/b/query")
    }

    @Test(
        "what is missing is said, and which variable would do",
        arguments: [
            (nil, "CLOUDFLARE_ACCOUNT_ID"), ("d1://a", "CLOUDFLARE_DATABASE_ID"),
            ("d1:///b", "CLOUDFLARE_ACCOUNT_ID"), ("https://a/b", "d1://"), ("d1://a/b/c", "more parts"),
            ("d1://s3cr3t@a/b", "`api_key`"), ("d1://a/b?token=s3cr3t", "`api_key`"),
            ("d1://a b/c", "account's id"), ("d1://a/\(String(repeating: "b", count: 65))", "database's id"),
        ] as [(String?, String)])
    func refuses(url: String?, says: String) {
        do {
            _ = try target(url)
            Issue.record("taken: \(url ?? "nothing")")
        } catch let error as TargetError {
            #expect(error.message.contains(says))
            #expect(!error.message.contains("s3cr3t"))
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(
        "a key or a base that cannot be is told at its field",
        arguments: [
            ("api_key", "two words"), ("api_key", "ü"), ("base_url", "ftp://h"), ("base_url", "http://h?a=b"),
            ("base_url", "http://u:p@h"),
        ])
    func fields(field: String, value: String) {
        do {
            _ = try target("d1://a/b", [field: .text(value)])
            Issue.record("taken: \(value)")
        } catch let error as TargetError {
            #expect(error.field == field)
        } catch {
            Issue.record("\(error)")
        }
        #expect(throws: TargetError.self) { try D1Target(Settings(target: "d1://a/b", as: "url")) }
    }
}
