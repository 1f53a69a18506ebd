using DistTrain.EventCheck;

namespace DistTrain.FaultHarness.Tests.EventCheck;

/// <summary>The checker sees what it is for: a good history passes, and each planted fault is found by name.</summary>
public sealed class VerdictTests
{
    // Two workers, four shards, ten rows; after two steps the coordinator is killed, the next one begins at step 1 and takes step 2 again.
    const string Good = """
        {"event":"started","term":1}
        {"event":"workerJoined","term":1,"worker":"a"}
        {"event":"workerJoined","term":1,"worker":"b"}
        {"event":"step","term":1,"step":0,"objective":1}
        {"event":"evaluation","term":1,"evaluation":1,"part":"training","rows":10,"shardCount":4,"accepted":{"a":"0-1,3","b":"2"}}
        {"event":"step","term":1,"step":1,"objective":0.5}
        {"event":"evaluation","term":1,"evaluation":2,"part":"training","rows":10,"shardCount":4,"accepted":{"b":"0-3"}}
        {"event":"step","term":1,"step":2,"objective":0.25}
        {"event":"resumed","term":2,"step":1}
        {"event":"workerJoined","term":2,"worker":"a"}
        {"event":"evaluation","term":2,"evaluation":1,"part":"training","rows":10,"shardCount":4,"accepted":{"a":"0-3"}}
        {"event":"step","term":2,"step":2,"objective":0.25}
        {"event":"checkpoint","term":2,"step":2}
        {"event":"finished","term":2,"step":2}

        """;

    [Fact]
    public void A_history_with_a_restart_is_as_promised()
    {
        var verdict = On(Good);

        Assert.Empty(verdict.Violations);
        Assert.Equal((2, 3, 12L, 0L, 0L), (verdict.Terms, verdict.Evaluations, verdict.Shards, verdict.Lost, verdict.Twice));
        Assert.Equal((2L, 3L, 1), (verdict.Steps, verdict.StepsTaken, verdict.StepsCompared));
        Assert.True(verdict.Finished);
    }

    [Fact]
    public void A_batch_counts_the_shards_that_it_names()
    {
        var verdict = On(Good.Replace("\"shardCount\":4,\"accepted\":{\"b\":\"0-3\"}", "\"shardCount\":2,\"shards\":\"2,7\",\"accepted\":{\"b\":\"2,7\"}", StringComparison.Ordinal));

        Assert.Empty(verdict.Violations);
        Assert.Equal(10, verdict.Shards);
    }

    [Theory]
    [InlineData("\"a\":\"0-1,3\"", "\"a\":\"0-1\"", "1 shards lost, 0 counted twice")]
    [InlineData("\"b\":\"2\"", "\"b\":\"2-3\"", "0 shards lost, 1 counted twice")]
    [InlineData("\"b\":\"2\"", "\"b\":\"2,2\"", "0 shards lost, 1 counted twice")]
    [InlineData("\"b\":\"2\"", "\"b\":\"2,4\"", "1 that it does not have")]
    [InlineData(
        "\"shardCount\":4,\"accepted\":{\"b\"", "\"shardCount\":2,\"shards\":\"1,5\",\"accepted\":{\"b\"",
        "1 shards lost, 0 counted twice, 3 that it does not have")]
    [InlineData(",\"shardCount\":4", "", "an evaluation that does not tell its shards")]
    [InlineData("\"evaluation\":2,\"part\"", "\"evaluation\":1,\"part\"", "evaluation 1 after evaluation 1")]
    [InlineData("\"term\":1,\"step\":2", "\"term\":1,\"step\":3", "step 3 after step 1")]
    [InlineData("\"resumed\",\"term\":2,\"step\":1", "\"resumed\",\"term\":2,\"step\":5", "no step above 2 was taken")]
    [InlineData("\"resumed\",\"term\":2", "\"resumed\",\"term\":1", "begins after term 1 had begun")]
    [InlineData("\"checkpoint\",\"term\":2", "\"checkpoint\",\"term\":1", "'checkpoint' after term 2 had begun")]
    [InlineData("\"finished\",\"term\":2", "\"finished\",\"term\":3", "a term that nobody began")]
    [InlineData("\"term\":1,\"step\":2,\"objective\":0.25", "\"term\":1,\"step\":2,\"objective\":0.26", "0.25, and had 0.26")]
    [InlineData("2,\"part\":\"training\",\"rows\":10", "2,\"part\":\"training\",\"rows\":11", "has 11 rows, and had 10")]
    [InlineData("\"b\":\"2\"", "\"c\":\"2\"", "a contribution of 'c', which had not joined")]
    public void A_planted_fault_is_found(string written, string planted, string found)
    {
        Assert.Contains(written, Good, StringComparison.Ordinal);

        var verdict = On(Good.Replace(written, planted, StringComparison.Ordinal));

        Assert.Contains(verdict.Violations, violation => violation.Contains(found, StringComparison.Ordinal));
    }

    [Fact]
    public void Batches_that_do_not_make_an_epoch_are_found()
    {
        var verdict = On(Batches(6, 4, 6, 3));

        Assert.Contains("step 4 ends an epoch of 9 rows; the first had 10", Assert.Single(verdict.Violations), StringComparison.Ordinal);
        Assert.Empty(On(Batches(6, 4, 5, 5)).Violations);
    }

    [Fact]
    public void A_line_that_is_being_written_is_left_out() =>
        Assert.Equal(On(Good).Lines, On(Good + "{\"time\":\"2026").Lines);

    [Fact]
    public void A_broken_line_is_named() =>
        Assert.StartsWith("line 2: ", Assert.Throws<FormatException>(() => On("{\"event\":\"started\"}\nbroken\n")).Message);

    [Theory, InlineData("0-"), InlineData("3-1"), InlineData("-1"), InlineData("99999999999"), InlineData("1-2-3")]
    public void Shards_that_are_no_runs_are_refused(string runs) =>
        Assert.Throws<FormatException>(() => ShardRuns.Read(runs).ToList());

    // Two steps an epoch.
    static string Batches(params int[] rows) => string.Concat(
        rows.Select((count, i) => $$$"""
            {"event":"evaluation","evaluation":{{{i + 1}}},"kind":"batch","rows":{{{count}}},"shardCount":1,"accepted":{"a":"0"}}
            {"event":"step","step":{{{i + 1}}},"epochs":{{{(i + 1) / 2.0}}}}

            """).Prepend("{\"event\":\"started\",\"term\":1}\n{\"event\":\"workerJoined\",\"worker\":\"a\"}\n"));

    static Verdict On(string events) => Verdict.On(new StringReader(events));
}
