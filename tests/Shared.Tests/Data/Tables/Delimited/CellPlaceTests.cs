using DistTrain.Data.Tables.Delimited;

namespace DistTrain.Shared.Tests.Data.Tables.Delimited;

public sealed class CellPlaceTests
{
    [Theory]
    [InlineData("a,b,c\n", 0, 0, 1)]
    [InlineData("a,b,c\n", 2, 0, 5)]
    [InlineData("\"a,1\",b\n", 1, 0, 7)]
    [InlineData("\"a\n1\",b\n", 1, 1, 4)]
    [InlineData("\"a\"\",\",b\n", 1, 0, 8)]
    [InlineData("5\" x,b\n", 1, 0, 6)]
    public void A_cell_begins_after_its_delimiter(string record, int cell, int lines, int column) =>
        Assert.Equal((lines, column), CellPlace.Within(record, cell, ","));

    [Fact]
    public void A_delimiter_of_several_characters_counts_whole() =>
        Assert.Equal((0, 7), CellPlace.Within("a\u001Fb\u001Fc", 2, "::"));
}
