using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using DistTrain.Learning;
using DistTrain.Node.Blocks;
using DistTrain.Protocol;

namespace DistTrain.Node.Tests.Blocks;

public sealed class RemoteWeightSourceTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly RunId Run = new("runs/books 1%2F?");
    static readonly Term Reign = new(3);

    [Theory, InlineData(2, 5), InlineData(3, 700_000), InlineData(300_000, 3)]
    public async Task What_it_reads_is_what_the_parameters_say(int classCount, int featureCount)
    {
        await using var plane = await RunningPlane.Start();
        var parameters = Random(new ModelShape(classCount, featureCount));
        plane.Weights.Publish(Run, Reign, 7, parameters);
        var source = new RemoteWeightSource([plane.Address], Run, Reign, 7, parameters.Shape, Deadline);
        int[] features = [.. Enumerable.Range(0, featureCount + 1).Reverse(), 1, 1];

        var (expected, found) = (new double[features.Length * classCount], new double[features.Length * classCount]);
        parameters.Read(features, expected);
        source.Read(features, found);

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Parameters_over_it_are_the_same_numbers()
    {
        await using var plane = await RunningPlane.Start();
        var parameters = Random(new ModelShape(3, 1000));
        plane.Weights.Publish(Run, Reign, 7, parameters);
        var remote = new Parameters(parameters.Shape, new RemoteWeightSource([plane.Address], Run, Reign, 7, parameters.Shape, Deadline));
        Assert.Equal(parameters.Values, remote.Values);
    }

    [Fact]
    public async Task Nothing_asked_is_nothing_read()
    {
        new RemoteWeightSource([ScriptedPeer.Nobody()], Run, Reign, 7, new ModelShape(3, 4), Deadline).Read([], []);
        await using var plane = await RunningPlane.Start();
        plane.Weights.Publish(Run, Reign, 7, new Parameters(new ModelShape(3, 4)));
        Assert.Equal(HttpStatusCode.OK, await Post(plane, "/v1/weights/runs%2Fbooks%201%252F%3F/3/7?classes=3", []));
    }

    [Fact]
    public async Task A_version_that_is_not_current_is_gone()
    {
        await using var plane = await RunningPlane.Start();
        var shape = new ModelShape(2, 4);
        Assert.Contains("version 7 is not current there any more", Refused(plane, Run, Reign, 7, shape), StringComparison.Ordinal);
        plane.Weights.Publish(Run, Reign, 7, new Parameters(shape));
        Read(plane, Run, Reign, 7, shape);
        Assert.Contains("not current", Refused(plane, Run, Reign, 8, shape), StringComparison.Ordinal);
        Assert.Contains("not current", Refused(plane, Run, new Term(4), 7, shape), StringComparison.Ordinal);
        Assert.Contains("not current", Refused(plane, new RunId("other"), Reign, 7, shape), StringComparison.Ordinal);
        plane.Weights.Publish(Run, Reign, 8, new Parameters(shape));
        Assert.Contains("not current", Refused(plane, Run, Reign, 7, shape), StringComparison.Ordinal);
        plane.Weights.Withdraw();
        Assert.Contains("not current", Refused(plane, Run, Reign, 8, shape), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_source_is_asked_and_a_short_answer_is_none()
    {
        await using var plane = await RunningPlane.Start();
        using var brief = new ScriptedPeer(ScriptedPeer.Ok(new byte[8]));
        var parameters = Random(new ModelShape(2, 4));
        plane.Weights.Publish(Run, Reign, 7, parameters);
        var found = new double[2];
        string[] sources = [ScriptedPeer.Nobody(), brief.Address, plane.Address];
        new RemoteWeightSource([.. sources], Run, Reign, 7, parameters.Shape, Deadline).Read([4], found);
        Assert.Equal(parameters.Intercepts.ToArray(), found);
    }

    [Fact]
    public void A_source_that_stops_half_way_is_given_up_at_the_deadline()
    {
        using var stuck = new ScriptedPeer(ScriptedPeer.Ok(new byte[8], 16), hangs: true);
        var source = new RemoteWeightSource([stuck.Address], Run, Reign, 7, new ModelShape(2, 4), TimeSpan.FromSeconds(0.5));
        var error = Assert.Throws<BlockFetchException>(() => source.Read([0], new double[2]));
        Assert.Contains("in time", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/weights/r/3/7?classes=2", new[] { 0, 4 }, HttpStatusCode.OK)]
    [InlineData("/v1/weights/r/3/7?classes=2", new[] { 5 }, HttpStatusCode.Gone)]
    [InlineData("/v1/weights/r/3/7?classes=2", new[] { -1 }, HttpStatusCode.Gone)]
    [InlineData("/v1/weights/r/3/7?classes=3", new[] { 0 }, HttpStatusCode.Gone)]
    [InlineData("/v1/weights/r/3/7?classes=0", new[] { 0 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/3/7?classes=-2", new[] { 0 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/3/7?classes=2000000000", new[] { 0 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/3/7?classes=1000000", new[] { 0, 1, 2 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/3/7", new[] { 0 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/x/7?classes=2", new[] { 0 }, HttpStatusCode.BadRequest)]
    [InlineData("/v1/weights/r/3/99999999999999999999?classes=2", new[] { 0 }, HttpStatusCode.BadRequest)]
    public async Task What_comes_from_outside_is_looked_at_first(string path, int[] features, HttpStatusCode status)
    {
        await using var plane = await RunningPlane.Start();
        plane.Weights.Publish(new RunId("r"), Reign, 7, new Parameters(new ModelShape(2, 4)));
        Assert.Equal(status, await Post(plane, path, MemoryMarshal.AsBytes(features.AsSpan()).ToArray()));
    }

    [Fact]
    public async Task A_body_that_is_no_list_of_features_or_too_long_or_a_forms_is_refused()
    {
        await using var plane = await RunningPlane.Start();
        plane.Weights.Publish(new RunId("r"), Reign, 7, new Parameters(new ModelShape(2, 4)));
        const string Path = "/v1/weights/r/3/7?classes=2";
        Assert.Equal(HttpStatusCode.BadRequest, await Post(plane, Path, new byte[5]));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(plane, Path, new byte[4 * 1024 * 1024]));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(plane, Path, new byte[4], "text/plain"));
    }

    static Parameters Random(ModelShape shape)
    {
        var random = new Random(1);
        return new Parameters(shape, [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => random.NextDouble() - 0.5)]);
    }

    static void Read(RunningPlane plane, RunId run, Term term, long version, ModelShape shape) =>
        new RemoteWeightSource([plane.Address], run, term, version, shape, Deadline).Read([0], new double[shape.ClassCount]);

    static string Refused(RunningPlane plane, RunId run, Term term, long version, ModelShape shape) =>
        Assert.Throws<BlockFetchException>(() => Read(plane, run, term, version, shape)).Message;

    static async Task<HttpStatusCode> Post(RunningPlane plane, string path, byte[] body, string type = "application/octet-stream")
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.ExpectContinue = true; // What is refused by its head is not sent: the answer would come amid it.
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var response = await client.PostAsync(new Uri(plane.Address + path), content).WaitAsync(Deadline);
        return response.StatusCode;
    }
}
