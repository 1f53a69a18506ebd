using System.Collections.Immutable;
using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Data.Tables;

namespace DistTrain.Shared.Tests.Data;

public sealed class PenaltyFileTests
{
    static readonly FeatureSchema Schema = new(
    [
        new NumericColumnSchema("price", 0, MissingValue: 3),
        new CategoricalColumnSchema("colour", ["red", "blue", "dark, or \"so\""]),
        new NumericColumnSchema("year", 1990, null),
    ]);

    static (ImmutableArray<double> Factors, IEnumerable<Problem> Problems) Read(string text, FeatureSchema? schema = null)
    {
        var file = PenaltyFile.Read(new MemoryFile("factors.csv", text));
        return (file.FactorsOf(schema ?? Schema), file.Problems(schema ?? Schema));
    }

    static string[] ProblemsOf(string text) =>
        [.. Read(text).Problems.Select(problem => string.Join('\n', [$"{problem.Code}: {problem.Message}", .. problem.Details]))];

    [Fact]
    public void A_column_speaks_for_all_its_features_and_a_feature_for_itself()
    {
        var (factors, problems) = Read(
            "feature,factor\ncolour=blue,0\ncolour,2.5\n\"colour=dark, or \"\"so\"\"\",4\nprice (missing),7\nyear,1e-3\n");

        Assert.Empty(problems);
        Assert.Equal([1, 7, 2.5, 0, 4, 1e-3], factors.AsEnumerable());
    }

    [Fact]
    public void Without_rows_all_are_one() => Assert.Equal([1, 1, 1, 1, 1, 1], Read("feature,factor\n").Factors.AsEnumerable());

    [Fact]
    public void Features_of_libsvm_input_are_named_by_their_index()
    {
        var schema = new FeatureSchema([new IndexedColumnsSchema([3, 17, 40], [0, 0, 0], 1)]);

        Assert.Equal([1, 5, 1], Read("feature,factor\n17,5\n", schema).Factors.AsEnumerable());
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_with_its_place()
    {
        Assert.Equal(
        [
            "DT4602: factors.csv:2:6: \"-1\" is no number of at least 0\nexpected: a finite number of at least 0, such as 0, 0.5 or 2",
            "DT4602: factors.csv:3:7: \"NaN\" is no number of at least 0\nexpected: a finite number of at least 0, such as 0, 0.5 or 2",
            "DT4201: factors.csv:5: the row has 1 cell, the header 2\n"
                + "expected: as many cells as the header; a cell that holds the delimiter or a line end stands in quotes\n"
                + "fix: mend the row, or --delimiter if the wrong one was detected",
            "DT4603: factors.csv:7:1: \"colour=red\" has a number already, in line 6\nexpected: each name once",
            "DT4604: factors.csv:4: \"colour=reed\" is neither a column nor a feature\n"
                + "expected: the name of a column, or column=value as in the training rows\ndid you mean \"colour=red\"?",
            "DT4604: factors.csv:8: \"weight of it\" is neither a column nor a feature\n"
                + "expected: the name of a column, or column=value as in the training rows",
        ],
        ProblemsOf("""
            feature,factor
            year,-1
            price,NaN
            colour=reed,1
            year
            colour=red,1
            colour=red,1
            weight of it,1
            """));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name,factor\nyear,1\n")]
    [InlineData("feature;factor\nyear;1\n")]
    public void Another_header_is_refused(string text) => Assert.Equal(
        "DT4601: factors.csv:1: the header is not that of two columns, names and numbers\n"
            + "expected: feature,factor\nfix: make feature,factor the first line",
        Refusal.TextOf(() => Read(text)));
}
