import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("A bucket of an object store as a target")
struct S3TargetTests {
    private func target(_ url: String, _ others: [String: Settings.Value] = [:]) throws -> S3Target {
        try S3Target(Settings(http: url, others))
    }

    @Test(
        "where it is, and how it is asked for",
        arguments: [
            ("s3://k:s@s3.example.com/orders", "https://s3.example.com", "/orders", "us-east-1"),
            ("s3://k:s@s3.example.com:9000/orders/", "https://s3.example.com:9000", "/orders", "us-east-1"),
            ("s3+http://k:s@127.0.0.1:9000/orders?region=eu", "http://127.0.0.1:9000", "/orders", "eu"),
            (
                "S3+HTTPS://k:s@s3.eu-west-1.amazonaws.com/orders?region=eu-west-1",
                "https://orders.s3.eu-west-1.amazonaws.com", "/", "eu-west-1"
            ),
            ("s3://k:s@s3.amazonaws.com/or.ders", "https://s3.amazonaws.com", "/or.ders", "us-east-1"),
            (
                "s3://k:s@s3.amazonaws.com/orders?path_style=true", "https://s3.amazonaws.com", "/orders",
                "us-east-1"
            ),
            (
                "s3://k:s@s3.example.com/orders?path_style=false", "https://orders.s3.example.com", "/",
                "us-east-1"
            ),
            ("s3://k:s@[::1]:9000/orders", "https://[::1]:9000", "/orders", "us-east-1"),
        ])
    func places(url: String, origin: String, path: String, region: String) throws {
        let target = try target(url)
        #expect(target.origin.origin == origin)
        #expect(target.signature.region == region)
        let request = try target.request("GET", at: Timestamp(microseconds: 0))
        #expect(request.url.requestTarget == path)
        #expect(request.headers.map(\.name) == ["x-amz-content-sha256", "x-amz-date", "Authorization"])
    }

    @Test("keys of the URL are decoded, those that are set win, and none is shown")
    func keys() throws {
        let first = try target("s3://AKIA:s3cr3t%2F%2Bkey@s3.example.com/orders?prefix=a%26b")
        #expect(first.signature.accessKey == "AKIA")
        #expect(first.signature.secretKey.revealed == "s3cr3t/+key")
        #expect(first.prefix == "a&b")
        #expect(first.address == "s3://s3.example.com/orders?region=us-east-1")
        let second = try target(
            "s3://AKIA:s3cr3t@s3.example.com/orders",
            ["access_key": .text("B"), "secret_key": .text("t"), "session_token": .text("u")])
        #expect(second.signature.accessKey == "B")
        #expect(second.secrets.map(\.revealed) == ["t", "u"])
    }

    @Test("the host that is signed has its port, unless it is the scheme's own")
    func host() throws {
        let now = Timestamp(microseconds: 1_369_353_600_000_000)
        func signature(_ url: String) throws -> String? {
            try target(url).request("GET", at: now).headers.last?.value
        }
        #expect(
            try signature("s3://k:s@s3.example.com:443/o") == signature("s3://k:s@s3.example.com/o"))
        #expect(
            try signature("s3://k:s@s3.example.com:9000/o") != signature("s3://k:s@s3.example.com/o"))
    }

    @Test(
        "what it cannot be is said without any of its secrets",
        arguments: [
            "", "orders", "http://s3.example.com/orders", "s3://k:s3cr3t@s3.example.com",
            "s3://k:s3cr3t@s3.example.com/", "s3://k:s3cr3t@s3.example.com/orders/key",
            "s3://s3.example.com/orders", "s3://k@s3.example.com/orders",
            "s3://:s3cr3t@s3.example.com/orders",
            "s3://k:s3cr3t@s3.example.com/orders?acl", "s3://k:s3cr3t@s3.example.com/orders?path_style=maybe",
            "s3://k:s3cr3t@s3.example.com/orders#x", "s3://k:s3cr3t%zz@s3.example.com/orders",
            "s3://k:s3cr3t@s3.example.com/orders?region=eu%20west", "s3://k:s3cr3t@s3.example.com/or%20ders",
            "s3://k:s3cr3t@:9000/orders", "s3://k:s3cr3t%20@s3.example.com/orders",
        ])
    func refuses(url: String) throws {
        do {
            _ = try target(url)
            Issue.record("taken: \(url)")
        } catch let error as TargetError {
            #expect(!error.message.contains("s3cr3t"))
        }
    }
}
