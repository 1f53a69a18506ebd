using CsCheck;
using DistTrain.Data.Tables.Delimited;

namespace DistTrain.Shared.Tests.Data.Tables.Delimited;

public sealed class DelimiterTranslatorTests
{
    [Theory]
    [InlineData("a::b", "::", "a_b")]
    [InlineData("a:::b::::c", "::", "a_:b__c")]
    [InlineData("::", "::", "_")]
    [InlineData("a:", "::", "a:")]
    [InlineData("<=<=>", "<=>", "<=_")]
    [InlineData("", "::", "")]
    public void Each_delimiter_becomes_one_character(string text, string delimiter, string expected) =>
        Assert.Equal(expected, Translated(text, delimiter, int.MaxValue));

    [Fact]
    public void Pieces_of_any_size_give_the_same_text() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 200], Gen.Int[1, 7]).Sample((letters, piece) =>
        {
            var text = string.Concat(letters.Select(i => ":a\n"[i]));

            Assert.Equal(text.Replace("::", "_", StringComparison.Ordinal), Translated(text, "::", piece));
        });

    [Fact]
    public void Texts_longer_than_the_buffers_are_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}::"));

        Assert.Equal(text.Replace("::", "_", StringComparison.Ordinal), Translated(text, "::", int.MaxValue));
    }

    static string Translated(string text, string delimiter, int piece)
    {
        using var reader = new DelimiterTranslator(new PiecewiseReader(text, piece), delimiter);
        return reader.ReadToEnd().Replace(DelimiterTranslator.Replacement, '_');
    }

    /// <summary>Gives a text in pieces, as streams do.</summary>
    sealed class PiecewiseReader(string text, int piece) : TextReader
    {
        int _at;

        public override int Read(char[] buffer, int index, int count)
        {
            var given = Math.Min(Math.Min(count, piece), text.Length - _at);
            text.CopyTo(_at, buffer, index, given);
            _at += given;
            return given;
        }
    }
}
