using DistTrain.Data.Tables.Detection;

namespace DistTrain.Shared.Tests.Data.Tables.Detection;

public sealed class DetectionTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", ",")]
    [InlineData("a;b\n1,5;2,5\n", ";")]
    [InlineData("a\tb c\n1\t2,3\n", "\t")]
    [InlineData("a::b::c\nx::Crime|Drama::y\nz::Drama::w\n", "::")]
    [InlineData("id|names\n1|a,b,c\n2|d\n", "|")]
    [InlineData("a,b;c\n1,2\n3,4;5\n6,7\n", ",")]
    [InlineData("\"a;b;c\",d\n\"1;2;3\",4\n", ",")]
    [InlineData("\"a\"\";x\",b;c\n\"1\"\";\",2\n", ",")]
    [InlineData("alone\n1\n", ",")]
    public void The_delimiter_is_the_one_on_which_records_agree(string text, string expected) =>
        Assert.Equal(expected, DelimiterVote.Choose(new TextSample(text, IsWhole: true)));

    [Fact]
    public void A_record_that_the_sample_cuts_has_no_vote() =>
        Assert.Equal(";", DelimiterVote.Choose(new TextSample("a;b,c;d\n1;2,3;4\n5", IsWhole: false)));

    [Theory]
    [InlineData("1 1:1\n", true)]
    [InlineData("# c\n\nlike 3:0.5 4:1e-3 # c\ndislike\n", true)]
    [InlineData("1 qid:3 1:1\n", true)]
    [InlineData("1\n2\n", false)]
    [InlineData("1 1:1\n1 b\n", false)]
    [InlineData("a,b\n1:1,2\n", false)]
    [InlineData("1::2::3\n", false)]
    [InlineData("12:30 12:45\n", true)]
    [InlineData("a b:1\n", false)]
    public void Pairs_of_index_and_value_mean_libsvm(string text, bool expected) =>
        Assert.Equal(expected, LibsvmPattern.Matches(new TextSample(text, IsWhole: true)));

    [Fact]
    public void A_line_that_the_sample_cuts_is_judged_by_its_whole_pairs() =>
        Assert.True(LibsvmPattern.Matches(new TextSample("1 1:1 2:3 4", IsWhole: false)));
}
