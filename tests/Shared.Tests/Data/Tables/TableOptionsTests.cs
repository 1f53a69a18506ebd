using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data.Tables;

public sealed class TableOptionsTests
{
    [Fact]
    public void Defaults_have_no_problems() => Assert.Empty(new TableOptions().Problems());

    [Theory]
    [InlineData(",")]
    [InlineData("::")]
    [InlineData("\\t")]
    [InlineData("tab")]
    [InlineData(" ")]
    public void Usable_delimiters_have_no_problems(string delimiter) => Assert.Empty(new TableOptions { Delimiter = delimiter }.Problems());

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("=========")]
    public void Delimiters_that_cannot_separate_are_refused(string delimiter) =>
        Assert.Equal("DT3111", Assert.Single(new TableOptions { Delimiter = delimiter }.Problems()).Code);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("UTF8")]
    [InlineData("latin-1")]
    [InlineData("Windows-1252")]
    [InlineData("utf-16")]
    [InlineData("us-ascii")]
    public void Known_encodings_have_no_problems(string name) => Assert.Empty(new TableOptions { Encoding = name }.Problems());

    [Fact]
    public void An_encoding_that_the_platform_has_given_up_is_not_known() =>
        Assert.Equal("DT2101", Assert.Single(new TableOptions { Encoding = "utf-7" }.Problems()).Code);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(
            [
                (ExitCode.Configuration, "--delimiter \",\" contradicts --format tsv"),
                (ExitCode.CommandLine, "--encoding \"utf-9\" is not a known encoding"),
                (ExitCode.Configuration, "--index-base is 2"),
                (ExitCode.Configuration, "--index-base has no meaning for delimited text"),
                (ExitCode.Configuration, "column \"a\" is named by --label and --ignore"),
                (ExitCode.Configuration, "column \"b\" is named by --categorical and --numeric"),
            ],
            new TableOptions
            {
                Format = TableFormat.Tsv,
                Delimiter = ",",
                Encoding = "utf-9",
                IndexBase = 2,
                Label = "a",
                Ignore = ["a"],
                Categorical = ["b", "b"],
                Numeric = ["b"],
            }.Problems().Select(problem => (problem.ExitCode, problem.Message)));

    [Fact]
    public void Column_options_contradict_libsvm() =>
        Assert.Equal(
            "--ignore has no meaning for LIBSVM input, which has no named columns",
            Assert.Single(new TableOptions { Format = TableFormat.Libsvm, Ignore = ["a"] }.Problems()).Message);
}
