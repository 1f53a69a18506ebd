using DistTrain.Formats.Checkpoints;
using DistTrain.Protocol;

namespace DistTrain.Shared.Tests.Formats.Checkpoints;

public class CheckpointNameTests
{
    [Fact]
    public void A_name_is_step_and_term_with_leading_zeros()
    {
        var name = new CheckpointName(12, new Term(3));

        Assert.Equal("0000000012-000003", name.ToString());
        Assert.Equal(name, CheckpointName.Parse("0000000012-000003"));
    }

    [Theory, InlineData("12-3"), InlineData("0000000012"), InlineData("0000000012-000003.tmp"), InlineData("000000001x-000003"), InlineData("")]
    public void Another_file_is_no_checkpoint(string fileName) => Assert.Null(CheckpointName.Parse(fileName));

    [Fact]
    public void Names_sort_as_texts_do_by_step_then_by_term()
    {
        CheckpointName[] names = [new(2, new Term(1)), new(10, new Term(1)), new(10, new Term(12)), new(1_000_000, new Term(2)), new(int.MaxValue, new Term(1))];

        Assert.Equal(names, names.Reverse().Order());
        Assert.Equal(names, names.OrderBy(name => name.ToString(), StringComparer.Ordinal));
        Assert.True(names[0] < names[1] && names[2] > names[1] && names[1] <= names[2] && names[2] >= names[2]);
    }
}
