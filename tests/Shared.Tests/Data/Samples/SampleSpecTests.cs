using System.Text;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Data.Tables;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Samples;

public sealed class SampleSpecTests
{
    [Theory]
    [InlineData("preferences", "preferences,rows=200000,users=5000,items=1000,seed=1")]
    [InlineData("preferences,rows=2000,seed=7", "preferences,rows=2000,users=50,items=50,seed=7")]
    [InlineData("dense , rows = 10", "dense,rows=10,features=64,classes=3,seed=1")]
    [InlineData("dense,seed=18446744073709551615", "dense,rows=100000,features=64,classes=3,seed=18446744073709551615")]
    [InlineData("sparse,features=20", "sparse,rows=100000,features=20,classes=3,nonzeros=20,values=ones,seed=1")]
    [InlineData("sparse,values=floats,nonzeros=4", "sparse,rows=100000,features=1048576,classes=3,nonzeros=4,values=floats,seed=1")]
    public void A_specification_has_defaults_for_what_is_not_said(string text, string whole)
    {
        Assert.Equal(whole, SampleSpec.Parse(text).Text);
        Assert.Equal(SampleSpec.Parse(text), SampleSpec.Parse(whole));
    }

    [Theory]
    [InlineData("preference", ExitCode.CommandLine, "DT2201", "there is no sample \"preference\"", "did you mean \"preferences\"?")]
    [InlineData("dense,row=5", ExitCode.CommandLine, "DT2202", "sample:dense has no key \"row\"", "did you mean \"rows\"?")]
    [InlineData("dense,rows", ExitCode.CommandLine, "DT2203", "sample:dense: \"rows\" is not key=value", "expected: one of rows, features, classes, seed, each with =value")]
    [InlineData("dense,rows=5,rows=6", ExitCode.CommandLine, "DT2204", "sample:dense: rows is given twice", "expected: each key once")]
    [InlineData("dense,rows=many", ExitCode.CommandLine, "DT2205", "sample:dense: rows=many is not a whole number", "expected: digits, such as rows=1000")]
    [InlineData("dense,seed=-1", ExitCode.CommandLine, "DT2205", "sample:dense: seed=-1 is not a whole number", "expected: digits, such as seed=1000")]
    [InlineData("sparse,values=float", ExitCode.CommandLine, "DT2206", "sample:sparse: values=float is unknown", "did you mean \"floats\"?")]
    [InlineData("dense,rows=0", ExitCode.Configuration, "DT3211", "sample:dense: rows=0 is out of range", "expected: 1 to 100000000")]
    [InlineData("dense,classes=1", ExitCode.Configuration, "DT3211", "sample:dense: classes=1 is out of range", "expected: 2 to 1000")]
    [InlineData("sparse,features=5,nonzeros=6", ExitCode.Configuration, "DT3211", "sample:sparse: nonzeros=6 is out of range", "expected: 1 to 5")]
    [InlineData("dense,rows=100000000,features=1000", ExitCode.Configuration, "DT3212", "sample:dense: 100000000000 values are too many", "expected: rows times values of a row of at most 68719476736")]
    public void What_cannot_be_is_refused(string text, ExitCode exitCode, string code, string message, string lastDetail)
    {
        var problem = Refused(() => SampleSpec.Parse(text));

        Assert.Equal((exitCode, code, message, lastDetail), (problem.ExitCode, problem.Code, problem.Message, problem.Details[^1]));
    }

    [Theory]
    [InlineData("preferences,rows=500")]
    [InlineData("preferences,rows=1,users=1,items=1")]
    [InlineData("dense,rows=300,features=7,classes=4,seed=3")]
    [InlineData("sparse,rows=200,features=1000,nonzeros=9")]
    [InlineData("sparse,rows=200,features=12,nonzeros=12,classes=5,values=floats")]
    public void A_written_sample_reads_back_to_the_same_table(string text)
    {
        var spec = SampleSpec.Parse(text);
        var made = spec.CreateTable();

        var read = Read([new MemoryFile("sample", Written(spec))]);

        Assert.Equal(made.Shown(), read.Shown());
        Assert.Equal(made.Label!.Name, read.Label!.Name);
        Assert.Equal(made.Lines, read.Lines);
        Assert.Equal(
            made.Columns.OfType<TextColumn>().Append(made.Label).Select(column => string.Join("|", column.Dictionary)),
            read.Columns.OfType<TextColumn>().Append(read.Label).Select(column => string.Join("|", column.Dictionary)));
    }

    [Theory]
    [InlineData("preferences,rows=50")]
    [InlineData("dense,rows=50,features=3")]
    [InlineData("sparse,rows=50,features=100,nonzeros=5")]
    public void The_seed_decides_on_the_rows(string text)
    {
        Assert.Equal(Written(SampleSpec.Parse(text)), Written(SampleSpec.Parse(text)));
        Assert.NotEqual(Written(SampleSpec.Parse(text)), Written(SampleSpec.Parse(text + ",seed=2")));
    }

    [Fact]
    public void Samples_are_said_to_be_synthetic() =>
        Assert.Equal(
            ["source    synthetic: sample:dense,rows=5,features=64,classes=3,seed=1"],
            SampleSpec.Parse("dense,rows=5").CreateTable().Findings.AsEnumerable());

    [Fact]
    public void The_first_rows_are_these_for_ever()
    {
        Assert.Equal(
            """
            user_age_band,user_occupation,favourite_genre_1,favourite_genre_2,item_genre_action,item_genre_comedy,item_genre_crime,item_genre_documentary,item_genre_drama,item_genre_fantasy,item_genre_horror,item_genre_music,item_genre_romance,item_genre_science_fiction,item_year,item_price,preference
            35-44,clerk,science_fiction,documentary,1,0,0,0,0,0,0,0,1,1,2010,25.99,neutral
            25-34,clerk,fantasy,comedy,0,0,0,1,0,0,0,0,0,0,2008,8.99,like
            25-34,clerk,fantasy,comedy,1,0,0,0,0,0,0,0,1,1,2010,25.99,like

            """,
            Encoding.UTF8.GetString(Written(SampleSpec.Parse("preferences,rows=3"))));
        Assert.Equal(
            "x1,x2,x3,label\n199.7,1.92,1.707,2\n-117.7,-6.03,0.787,0\n",
            Encoding.UTF8.GetString(Written(SampleSpec.Parse("dense,rows=2,features=3"))));
        Assert.Equal(
            "0 4:0.167 6:1.148 19:1.498\n0 1:1.185 2:1.033 8:1.216\n",
            Encoding.UTF8.GetString(Written(SampleSpec.Parse("sparse,rows=2,features=100,nonzeros=3,values=floats"))));
    }

    static byte[] Written(SampleSpec spec)
    {
        using var stream = new MemoryStream();
        spec.Write(stream);
        return stream.ToArray();
    }
}
