using DistTrain.Data.Schema;

namespace DistTrain.Shared.Tests.Data.Schema;

public class NameOrderTests
{
    [Fact]
    public void Numbers_are_ordered_by_value() => Assert.Equal(["-1", "2", "10"], NameOrder.Sort(["10", "2", "-1"]).AsEnumerable());

    [Fact]
    public void One_text_among_numbers_makes_the_order_ordinal() =>
        Assert.Equal(["10", "2", "B", "a"], NameOrder.Sort(["a", "10", "2", "B"]).AsEnumerable());

    [Fact]
    public void Equal_numbers_written_differently_are_ordered_by_their_text() =>
        Assert.Equal(["1", "1.0", "01e1"], NameOrder.Sort(["01e1", "1.0", "1"]).AsEnumerable());

    [Theory, InlineData(""), InlineData("NaN"), InlineData("1e999"), InlineData("1,5")]
    public void What_is_no_finite_number_is_a_text(string text) => Assert.Null(NameOrder.NumberOf(text));
}
