//! Feeds without a fault, of each format.

pub(super) const ICML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="2026-06-20 10:09:18">
  <shop>
    <name>Shop</name>
    <company>Company</company>
    <categories>
      <category id="2">Furniture</category>
      <category id="3" parentId="2">
        <name>Racks &amp; shelves</name>
        <picture>http://shop.example/c.jpg</picture>
      </category>
    </categories>
    <offers>
      <offer id="115" productId="43" type="product" quantity="16">
        <url>http://shop.example/rack?a=1&amp;b=2</url>
        <price>14000.00</price>
        <purchasePrice>13200.50</purchasePrice>
        <categoryId>3</categoryId>
        <categoryId>2</categoryId>
        <picture>http://shop.example/1.jpg</picture>
        <picture>http://shop.example/2.jpg</picture>
        <vendor>Acme</vendor>
        <name>Rack, two sections</name>
        <productName>Rack</productName>
        <xmlId>82</xmlId>
        <vatRate>20</vatRate>
        <weight>1.5</weight>
        <dimensions>10.5/20/0</dimensions>
        <barcode>4006381333931</barcode>
        <productActivity>Y</productActivity>
        <activity>Y</activity>
        <markable>N</markable>
        <param name="Article" code="article">A-1</param>
        <param name="Size" code="size">two</param>
        <param name="Description" code="description">Steel</param>
        <unit code="pcs" name="Piece" sym="pc."/>
      </offer>
      <offer id="116" productId="43" quantity="0">
        <price>15000.00</price>
        <categoryId>3</categoryId>
        <name>Rack, three sections</name>
      </offer>
    </offers>
  </shop>
</yml_catalog>
"#;

pub(super) const YML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="2026-11-22 10:00">
  <shop>
    <name>Shop</name>
    <company>Company</company>
    <url>https://shop.example</url>
    <currencies>
      <currency id="UAH" rate="1"/>
    </currencies>
    <categories>
      <category id="1">Books</category>
      <category id="2" parentId="1">Atlases</category>
    </categories>
    <offers>
      <offer id="12" group_id="7" available="true" bid="80">
        <count>3</count>
        <url>http://shop.example/12</url>
        <price from="true">19.99</price>
        <oldprice>25.00</oldprice>
        <purchase_price>10.00</purchase_price>
        <currencyId>UAH</currencyId>
        <categoryId>2</categoryId>
        <picture>http://shop.example/1.jpg</picture>
        <vendor>Acme</vendor>
        <name>Atlas №1</name>
        <vendorCode>V-1</vendorCode>
        <description>&lt;b&gt;big&lt;/b&gt;</description>
        <vat>VAT_20</vat>
        <weight>1.2</weight>
        <dimensions>30/20/2</dimensions>
        <barcode>4006381333931</barcode>
        <adult>false</adult>
        <param name="Size" unit="cm">30</param>
        <sales_notes>Prepaid</sales_notes>
        <delivery-options>
          <option cost="300" days="1"/>
        </delivery-options>
      </offer>
      <offer id="13" type="vendor.model" available="false">
        <url>http://shop.example/13</url>
        <price>5</price>
        <currencyId>UAH</currencyId>
        <categoryId>1</categoryId>
        <typePrefix>Globe</typePrefix>
        <vendor>Acme</vendor>
        <model>X1</model>
      </offer>
    </offers>
  </shop>
</yml_catalog>
"#;

pub(super) const GOOGLE: &str = "id,title,description,link,image_link,additional_image_link,availability,price,sale_price,cost_of_goods_sold,brand,gtin,mpn,item_group_id,product_type,color,size,material,pattern,gender,age_group,adult,shipping_weight,shipping_length,shipping_width,shipping_height,product_detail,condition,google_product_category\n\
7,\"A, b\",\"Two\nlines\",http://shop.example/7,http://shop.example/7.png,\"http://shop.example/8.png,http://shop.example/9.png\",in_stock,25.00 USD,19.99 USD,10.50 USD,Acme,4006381333931,V-1,70,Books > Atlases,red,L,,,,,no,1.5 kg,30 cm,20 cm,,\":Paper:Matt,Print:Colours:4\",new,784\n\
8,C,D,http://shop.example/8,http://shop.example/8.png,,out_of_stock,5 USD,,,,,,,,,,,,,,,,,,,,,\n";
