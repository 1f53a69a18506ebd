using System.Text;
using DistTrain.Coordinator.Reports;

namespace DistTrain.Cli.Tests.Reports;

public sealed class RunOptionsTests
{
    [Fact]
    public void Options_are_read_as_a_run_writes_them()
    {
        var options = Read("""
            {"command":"train","version":"0.1.0","inputs":["a b.csv","c.csv"],"options":{
              "l2":{"value":1E-05,"origin":"command line"},
              "label":{"value":"taste","origin":"guessed"},
              "ignore":{"value":["x, y","z","\"q\""],"origin":"command line"},
              "classes":{"value":[],"origin":"default"},
              "shards":{"value":null,"origin":"default"},
              "json":{"value":true,"origin":"command line"},
              "standardize":{"value":true,"origin":"command line"},
              "out":{"value":"here","origin":"command line"}}}
            """);

        Assert.Equal(["1e-5", "taste", "x, y, z, \"q\"", "", "", "true", "true", "here"], options.Options.Select(option => option.Shown));
        Assert.Equal([true, false, true, false, false, true, true, true], options.Options.Select(option => option.IsTyped));
        Assert.Equal("disttrain train --l2 1e-5 --ignore '\"x, y\",z,\"\"\"q\"\"\"' --standardize 'a b.csv' c.csv", options.Repetition());
    }

    [Fact]
    public void What_begins_with_a_dash_is_no_option() => Assert.Equal(
        "disttrain train --delimiter=- --label=-x -- -y.csv",
        Read("""
            {"command":"train","inputs":["-y.csv"],"options":{
              "delimiter":{"value":"-","origin":"command line"},"label":{"value":"-x","origin":"command line"}}}
            """).Repetition());

    static RunOptions Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return RunOptions.Read(stream);
    }
}
